"""One code review as a session: its utterances, its dates, and the decisions that its records state.

A description's decision is accepted when the change was merged, declined when it was closed unmerged, else proposed; a
comment headed Decision is accepted. A review thread's is accepted, or declined when the change was closed unmerged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.discussions import Remark, Talk, talk
from ingest.fingerprint import fingerprint
from ingest.json_values import without_credentials
from ingest.records import Candidate, Person, Reference, Rejected, Session, Source, Status
from ingest.review_items import Item, Pull
from ingest.review_sections import section_parts
from ingest.review_threads import from_discussions
from ingest.text import folded
from ingest.times import session_start

NOT_A_PULL = "an issue's conversation, not a pull request's"
"""Note on a session whose records are an issue's."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the records of one code review say of it besides its words."""

    pull: Pull | None
    status: Status = "proposed"
    """What became of it: accepted when merged, declined when closed unmerged."""
    settled_at: datetime | None = None
    merge_sha: str | None = None
    branch: str | None = None
    created_at: datetime | None = None
    ended_at: datetime | None = None
    notes: tuple[str, ...] = ()


def review_session(source: Source, group: Sequence[Item], told: Talk, facts: Facts, *, extractor: str) -> Session:
    """The session of one code review; one that no address names is known by its content."""
    at = min((item.at for item in group if item.at and item.kind != "commit"), default=None)
    started, basis = session_start(source, facts.created_at or at)
    spoken = [(u.role, u.speaker, u.text) for u in told.utterances]
    pull = facts.pull
    return Session(
        kind="pull_request",
        native_id=pull.native_id if pull else fingerprint(spoken or [item.place for item in group]),
        identity="native" if pull else "content",
        utterances=told.utterances,
        kept=told.kept,
        set_aside=told.set_aside,
        stated=tuple(_stated(told, group, facts, extractor)) if told.utterances else (),
        title=told.title.utterance.text if told.title else None,
        project=pull.repository if pull else None,
        branch=facts.branch,
        started_at=started,
        ended_at=facts.ended_at,
        time_basis=basis,
        notes=facts.notes,
    )


def by_pull(found: Sequence[Item]) -> Iterator[tuple[Pull | None, list[Item]]]:
    """The items of each pull request, in the order of its first; what names none belongs to the only one there is."""
    known = dict.fromkeys(item.pull for item in found if item.pull)
    only = next(iter(known)) if len(known) == 1 else None
    groups: dict[Pull | None, list[Item]] = {}
    for item in found:
        groups.setdefault(item.pull or only, []).append(item)
    yield from groups.items()


def sessions(
    source: Source,
    found: Iterable[Item | Rejected],
    facts: Callable[[Pull | None, Sequence[Item], Talk], Facts],
    *,
    extractor: str,
) -> Iterator[Session | Rejected]:
    """What was refused, then one session per code review; `facts` are read from the records of each."""
    kept: list[Item] = []
    for one in found:
        if isinstance(one, Rejected):
            yield one
        else:
            kept.append(one)
    for pull, group in by_pull(kept):
        told = talk(group)
        yield review_session(source, group, told, facts(pull, group, told), extractor=extractor)


def _stated(told: Talk, group: Sequence[Item], facts: Facts, extractor: str) -> Iterator[Candidate]:
    references = tuple(_own_references(facts))
    for remark, status, at in _deciding(told, facts):
        found = _from_sections(remark, told, status)
        if found is not None:
            yield replace(found, extractor=extractor, references=references, decided_at=at)
    is_declined = facts.status == "declined"
    for candidate in from_discussions(told, group, is_declined=is_declined, extractor=extractor):
        yield replace(candidate, references=(*candidate.references, *references))


def _deciding(told: Talk, facts: Facts) -> Iterator[tuple[Remark, Status, datetime | None]]:
    """(remark, status, when) of every text whose headings may state a decision."""
    if told.description is not None:
        yield told.description, facts.status, facts.settled_at
    for remark in told.comments:
        yield remark, "accepted", None


def _from_sections(remark: Remark, told: Talk, status: Status) -> Candidate | None:
    is_description = remark is told.description
    if not is_description and remark.utterance.role != "person":
        return None
    parts = section_parts(remark, told.title if is_description else None)
    if not parts:
        return None
    author = remark.item.author
    role = Person(author, "proposed" if is_description else "decided") if author else None
    subject = told.title.utterance.text if told.title and is_description else parts[0].spans[0].quote
    return Candidate(
        subject=folded(subject),
        status=status,
        authority="structured",
        confidence=1.0,
        parts=parts,
        extractor="",
        people=(role,) if role else (),
    )


def _own_references(facts: Facts) -> Iterator[Reference]:
    """The pull request and the commit it was merged as: what the decision explains."""
    if facts.pull is not None:
        yield Reference("explains", "pull_request", facts.pull.native_id, "explicit")
    if facts.merge_sha:
        yield Reference("explains", "commit", without_credentials(facts.merge_sha), "explicit")
