"""An issue of a tracker as a session: its summary, description and comments, and what its own structure decides.

A decision is stated only under a heading or label that says so (`Decision`); then the description's is accepted where
the issue was done, declined where it was turned down, else proposed. A resolution alone (`Won't Fix`) decides nothing
that anybody said: it is a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.discussions import Talk, talk
from ingest.records import Candidate, Reference, Session, Source, Status
from ingest.review_items import Item
from ingest.review_sessions import Facts, review_session
from ingest.text import folded

_DONE = frozenset("done fixed resolved complete completed implemented delivered accepted released".split())
_TURNED_DOWN = frozenset(
    (
        "won't fix", "won't do", "wont fix", "wont do", "wontfix", "declined", "rejected", "cancelled", "canceled",
        "invalid", "not a bug", "works as designed", "not planned", "abandoned",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """What a tracker says of an issue besides its words."""

    native_id: str
    """`host/KEY-1`; empty where nothing names the issue."""
    key: str = ""
    project: str = ""
    resolution: str = ""
    """As the tracker names it: `Done`, `Won't Fix`."""
    resolved_at: datetime | None = None
    created_at: datetime | None = None
    notes: tuple[str, ...] = ()


def issue_session(source: Source, group: Sequence[Item], facts: IssueFacts, *, extractor: str) -> Session:
    """The session of one issue, from its records."""
    told = talk(group)
    known = Facts(
        pull=None,
        status=_status(facts.resolution),
        settled_at=facts.resolved_at,
        created_at=facts.created_at,
        ended_at=facts.resolved_at,
        notes=facts.notes,
    )
    made = review_session(source, group, told, known, extractor=extractor)
    summary = told.title.utterance.text if told.title else ""
    title = f"{facts.key} {summary}".strip()
    return replace(
        made,
        kind="issue",
        native_id=facts.native_id or made.native_id,
        identity="native" if facts.native_id else "content",
        title=folded(title) or None,
        project=facts.project or None,
        stated=tuple(_stated(made.stated, told, facts)),
    )


def _stated(found: Sequence[Candidate], told: Talk, facts: IssueFacts) -> Iterator[Candidate]:
    """Without those whose choice is the summary: of a change that is what was done, of an issue what was asked for."""
    summary = told.title.utterance.index if told.title else -1
    about = (Reference("explains", "issue", facts.native_id, "explicit"),) if facts.native_id else ()
    for candidate in found:
        choice = next(part for part in candidate.parts if part.kind == "choice")
        if choice.spans[0].utterance_index != summary:
            yield replace(candidate, references=(*candidate.references, *about))


def _status(resolution: str) -> Status:
    name = resolution.replace("’", "'").casefold().strip()
    return "accepted" if name in _DONE else "declined" if name in _TURNED_DOWN else "proposed"
