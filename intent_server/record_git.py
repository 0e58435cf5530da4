"""Part of the write side: a git repository's commits, files and decisions, and every link that they make certain.

Commits go in by the thousand, each batch in one transaction; then messages that state a decision become sessions; last
the head up to which the repository was read is told. A run that is killed before that goes on where it stood.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from ingest.changes import Commit, Repository
from ingest.commits import commit_session
from ingest.fetch import git
from ingest.fetch.git_errors import ObjectMissing
from ingest.fetch.git_symbols import definitions
from ingest.records import Reader, Rejected, Session, Source
from intent_server.answers_record import GitReport, SourceReport
from intent_server.record import Recorder, ingest_source, tidy
from intent_server.record_linking import Linked, counts, planned, put
from intent_server.store.audit import begun
from intent_server.store.connect import open_reader, open_writer, transaction
from intent_server.store.repositories import (
    HeldRepository,
    add_commits,
    held_repository,
    made_at,
    put_files,
    put_repository,
    set_requests,
)

NOT_STATED = "no_decision_stated"
"""Set-aside rule of commits whose message states no decision."""
_CHUNK = 2_000
_MOST_BROUGHT = 5_000
"""Commits that one merge is said to bring; more is a branch that lived beside, not a request."""
_MOST_SYMBOLS = 2_000_000
_HEAD_BYTES = 64 * 1024


def ingest_git(recorder: Recorder, place: Path, *, progress: Callable[[int], None] = lambda _: None) -> GitReport:
    """Bring the store up to what a repository's HEAD says now; twice changes nothing.

    `progress`: called with the number of commits read.
    Raises: SourceError (no repository, git missing or refused); StoreError, and what was saved before stays.
    """
    repo = git.repository(place)
    held = _held(recorder, repo)
    repo, came = _brought(recorder, repo, held, progress)
    messages = _sessions(recorder, repo, came.read, came.deciding) if came.read else None
    is_older = not came.read and _is_older(recorder, repo, held)
    is_same = is_older or (not came.read and _stands_as_before(repo, held))
    linked = Linked(0, 0) if is_same else _linked(recorder, repo, came.brought.numbers)
    return GitReport(
        store=recorder.settings.store.as_posix(),
        repository=repo.identity,
        place=repo.root.as_posix(),
        branch=repo.branch,
        head=repo.head,
        outcome="unchanged" if is_same else ("updated" if held.shas else "added"),
        commits=len(held.shas) + came.added,
        commits_added=came.added,
        messages=messages,
        links=counts(linked),
        notes=list(_notes(repo, is_older=is_older)),
    )


def _held(recorder: Recorder, repo: Repository) -> HeldRepository:
    store, wait_s = recorder.settings.store, recorder.wait_s
    if not store.exists():
        with open_writer(store, wait_s=wait_s):
            pass
    with open_reader(store, wait_s=wait_s) as db:
        return held_repository(db, repo.identity)


def _brought(
    recorder: Recorder, repo: Repository, held: HeldRepository, progress: Callable[[int], None]
) -> tuple[Repository, Came]:
    """The new commits saved; of a clone that lacks objects as much as can be told without them, and a note.

    What was saved before an object was missed is met again and stays.
    """
    saved: set[str] = set()
    while True:
        try:
            return repo, _saved(recorder, repo, held, progress, saved)
        except ObjectMissing as missing:
            less = git.lacking(repo, missing)
            if less is None:
                raise
            repo = less


def _saved(
    recorder: Recorder, repo: Repository, held: HeldRepository, progress: Callable[[int], None], saved: set[str]
) -> Came:
    """Read the commits that are new since and save them, each chunk in one transaction; `saved` gets their shas."""
    came = Came(Brought(set(held.shas)))
    for chunk in _chunks(git.commits(repo, held.heads)):
        fresh = [commit for commit in chunk if commit.sha not in held.shas and commit.sha not in saved]
        if fresh:
            with open_writer(recorder.settings.store, wait_s=recorder.wait_s) as db, transaction(db):
                trail = begun(db, recorder.actor, recorder.clock())
                add_commits(db, trail, repo.identity, fresh)
                trail.write(db)
            saved.update(commit.sha for commit in fresh)
        came.brought.take(chunk)
        came.deciding += filter(None, (commit_session(commit, repo) for commit in chunk))
        came.read += len(chunk)
        came.added = len(saved)
        progress(came.read)
    return came


def _notes(repo: Repository, *, is_older: bool) -> Iterator[str]:
    yield from repo.notes
    if is_older:
        yield "a newer commit of it was read before: its files and links stay as they are"
    if repo.is_dirty:
        yield "tracked files differ from HEAD: lines are told as HEAD has them"


_STANDS = ("branch", "head", "is_shallow", "is_dirty")


def _stands_as_before(repo: Repository, held: HeldRepository) -> bool:
    stands = {"place": repo.root.as_posix(), **{name: getattr(repo, name) for name in _STANDS}}
    return held.now is not None and all(held.now[name] == value for name, value in stands.items())


def _is_older(recorder: Recorder, repo: Repository, held: HeldRepository) -> bool:
    """Whether an older commit is checked out than the one at which the repository was read last."""
    if repo.head is None or held.now is None or held.now["head"] == repo.head or held.head_at is None:
        return False
    with open_reader(recorder.settings.store, wait_s=recorder.wait_s) as db:
        own = made_at(db, repo.identity, repo.head)
    return own is not None and own < held.head_at


@dataclass(slots=True)
class Brought:
    """Which request brought each commit: the one whose merge joined it to the main line. `known`: commits before."""

    known: set[str]
    parents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    main: set[str] = field(default_factory=set)
    """What the first parents of merges seen so far reach."""

    def take(self, commits: Iterable[Commit]) -> None:
        """Take in commits, parents before children."""
        for commit in commits:
            self.parents[commit.sha] = commit.parents
            if len(commit.parents) > 1 and commit.pull_request is not None:
                self.main |= self._reached(commit.parents[:1])
                brought = self._reached(commit.parents[1:])
                for sha in brought if len(brought) <= _MOST_BROUGHT else ():
                    self.numbers.setdefault(sha, commit.pull_request)

    def _reached(self, starts: Iterable[str]) -> set[str]:
        found: set[str] = set()
        due = list(starts)
        while due:
            sha = due.pop()
            if sha in self.parents and sha not in found and sha not in self.main and sha not in self.known:
                found.add(sha)
                due += self.parents[sha]
        return found


@dataclass(slots=True)
class Came:
    """What reading a repository gave. `deciding`: the sessions of messages that state a decision."""

    brought: Brought
    deciding: list[Session] = field(default_factory=list)
    read: int = 0
    added: int = 0


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
    report = ingest_source(replace(recorder, is_linking=False), source, reader)
    tidy(recorder)
    return report


def _linked(recorder: Recorder, repo: Repository, brought: Mapping[str, int]) -> Linked:
    """The files as they are now, and all links anew."""
    paths = git.tracked(repo) if repo.head else ()
    symbols = [
        {"symbol": one.name, "path": one.path, "line": one.line} for one in islice(definitions(repo), _MOST_SYMBOLS)
    ]
    store, wait_s = recorder.settings.store, recorder.wait_s
    with open_writer(store, wait_s=wait_s) as db, transaction(db):
        put_files(db, repo.identity, paths, symbols)
        set_requests(db, repo.identity, brought)
    with open_reader(store, wait_s=wait_s) as db:
        plan = planned(db, None, [(repo.identity, repo.root.as_posix())])
    with open_writer(store, wait_s=wait_s) as db, transaction(db):
        trail = begun(db, recorder.actor, recorder.clock())
        put_repository(db, trail, repo)
        linked = put(db, trail.now, plan)
        trail.write(db)
    return linked
