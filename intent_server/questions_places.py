"""What is known of the places that a question names beside decisions: pipelines' versions and runs, git's history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

from ingest.changes import Commit
from ingest.errors import SourceError
from ingest.fetch import git
from intent_server.answers import Change, Decision, MadeIn, NodeVersion, PipelineNode
from intent_server.questions_anchors import About
from intent_server.store import load_anchors
from intent_server.store.connect import Db
from intent_server.store.load_anchors import NodeHead

_MOST_NODES = 3
_MOST_CHANGES = 5
_MOST_PLACES = 3


def nodes_of(
    db: Db, places: Iterable[About], decisions: Sequence[Decision], until: datetime | None = None
) -> list[PipelineNode]:
    """The nodes that are named, with the version in which each decision was made and whether it changed since.

    `decisions`: those that are tied to the nodes. `until`: only versions and runs that were there by then.
    """
    heads = dict.fromkeys(one for place in places for one in (*place.nodes, *place.made))
    return [_node(db, head, decisions, until) for head in list(heads)[:_MOST_NODES]]


def _node(db: Db, head: NodeHead, decisions: Sequence[Decision], until: datetime | None) -> PipelineNode:
    versions = [one for one in load_anchors.versions(db, head) if _is_there(one.generated_at, until)]
    return PipelineNode(
        system=head.system,
        project=head.project,
        unique_id=head.unique_id,
        kind=head.kind,
        column=head.column,
        path=head.path,
        relation=head.relation,
        version_count=len({(one.fingerprint, one.fingerprint_kind) for one in versions}),
        newest=versions[-1] if versions else None,
        made_in=[_made_in(db, one, versions) for one in decisions] if versions else [],
        runs=[one for one in load_anchors.runs(db, head) if _is_there(one.started_at, until)],
    )


def _is_there(at: datetime | None, until: datetime | None) -> bool:
    return until is None or (at is not None and at <= until)


def _made_in(db: Db, decision: Decision, versions: Sequence[NodeVersion]) -> MadeIn:
    """The commit that implements it, or came with its request, tells the version; else the last one seen by then."""
    shas = {link.target for link in decision.links if link.target_kind == "commit" and link.relation == "implements"}
    requests = [link.target for link in decision.links if link.target_kind == "pull_request"]
    shas |= {one.sha for one in load_anchors.changes(db, requests=requests, limit=50)} if requests else set()
    made = next((one for one in versions if one.git_sha in shas), None)
    if made is None and decision.decided_at is not None:
        made = next((one for one in reversed(versions) if _is_by(one.generated_at, decision.decided_at)), None)
    if made is None:
        return MadeIn(decision_id=decision.decision_id)
    later = versions[versions.index(made) :]
    comparable = [one for one in later if one.fingerprint_kind == made.fingerprint_kind]
    is_changed = comparable[-1].fingerprint != made.fingerprint
    return MadeIn(decision_id=decision.decision_id, version=made, is_changed_since=is_changed)


def _is_by(seen: datetime | None, said: datetime) -> bool:
    """A decision of which the day alone is known was made at its end."""
    until = said + timedelta(days=1) if said.time() == time() else said
    return seen is not None and seen <= until


def elsewhere(places: Mapping[str, str]) -> str:
    """Says to which other places of a file than the lines asked about decisions are tied."""
    count = "1 decision" if len(places) == 1 else f"{len(places)} decisions"
    told = list(dict.fromkeys(places.values()))
    more = ("…",) if len(told) > _MOST_PLACES else ()
    return f"Elsewhere in this file, not tied to this line: {count} ({'; '.join((*told[:_MOST_PLACES], *more))})."


def changes_of(
    db: Db, places: Sequence[About], until: datetime | None = None, *, is_past: bool = False
) -> list[Change]:
    """What git shows of the places: who changed the lines or files last; of a commit or request, its commits.

    `until`: as far as it was made by then. `is_past`: as far as the record knew it.
    """
    found: dict[str, Change] = {}
    for place in places:
        for change in _changes(db, place, until, is_past=is_past):
            found.setdefault(change.sha, change)
    return list(found.values())[:_MOST_CHANGES]


def _changes(db: Db, place: About, until: datetime | None, *, is_past: bool) -> Iterator[Change]:
    if place.commits or place.requests:
        yield from load_anchors.changes(
            db, shas=[sha for _, sha in place.commits], requests=place.requests, until=until, limit=_MOST_CHANGES
        )
    if len(place.files) == 1:
        file = place.files[0]
        lines = place.lines
        told = _of_lines(db, file.repository, file.path, lines) if lines is not None else []
        held = {one.sha: one for one in load_anchors.changes(db, shas=[one.sha for one in told], limit=len(told))}
        told = [held.get(one.sha, one) for one in told if one.sha in held or not is_past]
        told = [one for one in told if until is None or (one.authored_at is not None and one.authored_at <= until)]
        yield from told or load_anchors.changes(
            db, repository=file.repository, paths=(file.path, *file.names), until=until, limit=_MOST_CHANGES
        )
    for node in place.nodes[:1]:
        for file in load_anchors.files(db, node.path)[:1] if node.path else ():
            yield from load_anchors.changes(
                db, repository=file.repository, paths=(file.path, *file.names), until=until, limit=_MOST_CHANGES
            )


def _of_lines(db: Db, repository: str, path: str, lines: tuple[int, int]) -> list[Change]:
    """The history of lines as the repository has it, where it lies here."""
    for identity, place in load_anchors.repositories(db):
        if identity == repository and Path(place).is_dir():
            try:
                repo = git.repository(Path(place), is_looked_over=False)
                return [_change(repository, one) for one in git.line_history(repo, path, *lines, _MOST_CHANGES)]
            except SourceError:
                return []
    return []


def _change(repository: str, commit: Commit) -> Change:
    return Change(
        repository=repository,
        sha=commit.sha,
        author=commit.author or "",
        authored_at=commit.authored_at,
        pull_request=commit.pull_request,
        recorded_text=commit.subject,
    )
