"""Part of the write side: a git repository's commits, files and decisions, and every link that they make certain.

Commits go in by the thousand, each batch in one transaction; then messages that state a decision become sessions; last
the head up to which the repository was read is told. A run that is killed before that goes on where it stood.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from ingest.changes import Commit, Repository
from ingest.commits import commit_session
from ingest.fetch import git
from ingest.fetch.git_symbols import definitions
from ingest.records import Reader, Rejected, Session, Source
from intent_server.answers_record import GitReport, LinkCounts, SourceReport
from intent_server.record import Recorder, ingest_source, tidy
from intent_server.record_linking import Linked, planned, put
from intent_server.store.audit import begun
from intent_server.store.connect import open_reader, open_writer, transaction
from intent_server.store.repositories import add_commits, held_repository, put_files, put_repository

NOT_STATED = "no_decision_stated"
"""Set-aside rule of commits whose message states no decision."""
_CHUNK = 2_000
_MOST_SYMBOLS = 2_000_000
_HEAD_BYTES = 64 * 1024


def ingest_git(recorder: Recorder, place: Path, *, progress: Callable[[int], None] = lambda _: None) -> GitReport:
    """Bring the store up to what a repository's HEAD says now; twice changes nothing.

    `progress`: called with the number of commits read.
    Raises: SourceError (no repository, git missing or refused); StoreError, and what was saved before stays.
    """
    repo = git.repository(place)
    store, wait_s, identity = recorder.settings.store, recorder.wait_s, repo.identity
    if not store.exists():
        with open_writer(store, wait_s=wait_s):
            pass
    with open_reader(store, wait_s=wait_s) as db:
        held = held_repository(db, identity, repo.root.as_posix())
    deciding: list[Session] = []
    read = added = 0
    for chunk in _chunks(git.commits(repo, held.heads)):
        fresh = [commit for commit in chunk if commit.sha not in held.shas]
        if fresh:
            with open_writer(store, wait_s=wait_s) as db, transaction(db):
                trail = begun(db, recorder.actor, recorder.clock())
                add_commits(db, trail, identity, fresh)
                trail.write(db)
        deciding += filter(None, (commit_session(commit, repo) for commit in chunk))
        read, added = read + len(chunk), added + len(fresh)
        progress(read)
    report = _sessions(recorder, repo, read, deciding) if read else None
    is_same = not read and held.now is not None and all(held.now[name] == getattr(repo, name) for name in _STANDS)
    linked = Linked(0, 0) if is_same else _linked(recorder, repo)
    return GitReport(
        store=store.as_posix(),
        repository=identity,
        place=repo.root.as_posix(),
        branch=repo.branch,
        head=repo.head,
        outcome="unchanged" if is_same else ("updated" if held.shas else "added"),
        commits=len(held.shas) + added,
        commits_added=added,
        messages=report,
        links=counts(linked),
        notes=[
            *repo.notes,
            *(["tracked files differ from HEAD: lines are told as HEAD has them"] if repo.is_dirty else []),
        ],
    )


_STANDS = ("branch", "head", "is_shallow", "is_dirty")


def counts(linked: Linked) -> LinkCounts:
    """What linking did, as it is answered."""
    methods = dict(sorted(linked.methods.items()))
    return LinkCounts(added=linked.added, closed=linked.closed, by_method=methods, ambiguous=linked.unresolved)


def _chunks(commits: Iterator[Commit]) -> Iterator[list[Commit]]:
    while chunk := list(islice(commits, _CHUNK)):
        yield chunk


def _sessions(recorder: Recorder, repo: Repository, read: int, deciding: Sequence[Session]) -> SourceReport:
    """The messages that state decisions, as one source: each commit is a unit, kept or set aside."""
    data = "\n".join((repo.identity, repo.head or "", str(read), *(one.native_id for one in deciding))).encode()
    silent = read - sum(one.kept for one in deciding)
    rest = Session("commit", repo.identity, (), 0, set_aside=((NOT_STATED, silent),))

    def sessions(_source: Source) -> Iterator[Session | Rejected]:
        yield from deciding
        yield rest

    reader = Reader("git", frozenset(), lambda _: 100, sessions, lambda _: read, "commits")
    uri = f"git:{repo.identity}"
    source = Source(uri, uri, data[:_HEAD_BYTES], lambda: io.BytesIO(data), len(data))
    report = ingest_source(recorder, source, reader)
    tidy(recorder)
    return report


def _linked(recorder: Recorder, repo: Repository) -> Linked:
    """The files as they are now, and all links anew."""
    paths = git.tracked(repo) if repo.head else ()
    symbols = [
        {"symbol": one.name, "path": one.path, "line": one.line} for one in islice(definitions(repo), _MOST_SYMBOLS)
    ]
    store, wait_s = recorder.settings.store, recorder.wait_s
    with open_writer(store, wait_s=wait_s) as db, transaction(db):
        put_files(db, repo.identity, paths, symbols)
    with open_reader(store, wait_s=wait_s) as db:
        plan = planned(db, None, [(repo.identity, repo.root.as_posix())])
    with open_writer(store, wait_s=wait_s) as db, transaction(db):
        trail = begun(db, recorder.actor, recorder.clock())
        put_repository(db, trail, repo)
        linked = put(db, trail.now, plan)
        trail.write(db)
    return linked
