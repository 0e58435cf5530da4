"""Which of the sessions held a session is that a source gives: by its own id, its words and the place it comes from.

One conversation may come in several files (a pull request saved as comments, reviews and timeline; a copied or
continued transcript). Each file's part is a session of its own, and nothing that one of them holds is held twice. Only
one that tells all of another again and goes on takes its place: an agent's session that was exported twice, where the
two differ in what its tools gave and in the lines on which it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ingest.records import Session
from intent_server.store.connect import Db
from intent_server.store.rows import Row, fetched, lasting, utterance_row

Fate = Literal["new", "held", "kept", "replaced"]
"""`new`: nothing held is this session. `held`: nothing is to be written. `kept`: it goes on under the same id, its held
utterances first. `replaced`: the place it came from now says something else, or another place tells it all again and
goes on."""

_AGENTS = "agent_session"
_OF_TOOLS = frozenset({"tool_call", "tool_result"})
"""Roles of what tools gave: some logs tell it with the call, others by itself."""


@dataclass(frozen=True, slots=True)
class Held:
    """An open session."""

    session_id: str
    source_id: str
    uri: str
    fingerprint: str
    utterance_count: int
    time_basis: str


@dataclass(frozen=True, slots=True)
class Match:
    """What a session is to the store."""

    fate: Fate
    held: Held | None = None
    """The session it is; None for a new one."""
    copied: frozenset[int] = frozenset()
    """The positions of utterances that other parts of the conversation hold: to be left out before it is saved."""


@dataclass(frozen=True, slots=True)
class _Words:
    """A session's utterances as they are compared, in order."""

    rows: tuple[Row, ...]
    time_basis: str
    is_agents: bool = False
    """Whether it is an agent's session: the same id is the same run of it."""

    def records(self) -> frozenset[tuple[object, object]]:
        """The source's own ids, each with its text: an edited comment is no copy."""
        return frozenset((row["native_id"], row["text"]) for row in self.rows if row["native_id"] is not None)

    def copied(self, records: frozenset[tuple[object, object]]) -> frozenset[int]:
        """The positions of these records."""
        return frozenset(at for at, row in enumerate(self.rows) if (row["native_id"], row["text"]) in records)

    def without(self, positions: frozenset[int]) -> _Words:
        """The others, numbered anew."""
        left = (row for at, row in enumerate(self.rows) if at not in positions)
        return replace(self, rows=tuple({**row, "utterance_index": at} for at, row in enumerate(left)))

    def is_retold_in(self, other: _Words) -> bool:
        """Whether the other says the same and may go on, wherever it stands and whatever is shown of tools' output.

        What tools gave is masked and cut by whatever wrote the file, newer versions otherwise than older ones.
        """
        return (
            len(self.rows) <= len(other.rows)
            and any(row["role"] not in _OF_TOOLS for row in self.rows)
            and all(
                _said(own, other.time_basis) == _said(its, other.time_basis)
                for own, its in zip(self.rows, other.rows, strict=False)
            )
        )

    def begins(self, other: _Words) -> bool:
        """Whether the other goes on from here, or is equal; dates count as far as the other does not assume them."""
        return len(self.rows) <= len(other.rows) and all(
            lasting(own, other.time_basis) == lasting(its, other.time_basis)
            for own, its in zip(self.rows, other.rows, strict=False)
        )


def known_as(db: Db, kind: str, native_id: str) -> list[Held]:
    """The open sessions that a source knows by this id of its own, oldest first."""
    return [_held(row) for row in fetched(db, "sessions_known_as", source_kind=kind, native_id=native_id)]


def match(db: Db, session: Session, uri: str, fingerprint: str, *, given: frozenset[str] = frozenset()) -> Match:
    """What a session, read at `uri`, is to the store.

    From the place that a held session came from, it is that session: grown, changed, or as it was. From another place
    it is that session when its words are the same, or the beginning or the continuation of the same (of an
    agent's session, tools' output and lines apart); else it is a session of its own. One that is known by its content
    alone has an own id for every other fact (title, date, places): where its place holds one such session, that is what
    was edited.
    `given`: session ids that the same source gave already; two of its sessions are never one.
    """
    held = known_as(db, session.kind, session.native_id)
    if not held:
        return _edited(db, session, uri, given) or Match("new")
    own = [one for one in held if one.uri == uri and one.session_id not in given]
    same = next((one for one in (own or held) if one.fingerprint == fingerprint), None)
    if same is not None:
        return Match("kept", same)
    words = _Words(
        tuple(utterance_row(utterance) for utterance in session.utterances), session.time_basis, session.kind == _AGENTS
    )
    if session.identity == "content":
        return _from_own_place(db, own, words) or _edited(db, session, uri, given) or Match("new")
    return _by_words(held, own, words, {one.session_id: _held_words(db, one) for one in held})


def _edited(db: Db, session: Session, uri: str, given: frozenset[str]) -> Match | None:
    """Of a session known by its content alone, what its place held before it was edited; None where that is unclear."""
    if session.identity != "content":
        return None
    before = [_held(row) for row in fetched(db, "content_sessions_at", uri=uri, source_kind=session.kind)]
    left = [one for one in before if one.session_id not in given]
    return Match("replaced", left[0]) if len(left) == 1 else None


def _from_own_place(db: Db, own: Sequence[Held], words: _Words) -> Match | None:
    kept = next((one for one in own if _held_words(db, one).begins(words)), None)
    if kept is not None:
        return Match("kept", kept)
    return Match("replaced", own[0]) if own else None


def _by_words(held: Sequence[Held], own: Sequence[Held], words: _Words, known: Mapping[str, _Words]) -> Match:
    def elsewhere(but: str | None) -> frozenset[int]:
        return words.copied(frozenset().union(*(known[one].records() for one in known if one != but)))

    views = [(one, known[one.session_id], elsewhere(one.session_id)) for one in held]
    for one, theirs, copied in views:
        if one in own and theirs.begins(words.without(copied)):
            return Match("kept", one, copied)
    for one, theirs, copied in views:
        left, there = words.without(copied), theirs if words.time_basis != "assumed" else _undated(theirs)
        if one not in own and left.rows and (left.begins(there) or (words.is_agents and left.is_retold_in(there))):
            return Match("held", one)
    if own:
        return Match("replaced", own[0], elsewhere(own[0].session_id))
    # One that is in parts already does not go on from another place: what each file gave would depend on the order.
    only = known[held[0].session_id] if len(held) == 1 else None
    if only is not None and only.begins(words):
        return Match("kept", held[0])
    if only is not None and words.is_agents and only.is_retold_in(words):
        return Match("replaced", held[0])
    return Match("new", None, elsewhere(None))


def _said(row: Row, time_basis: object) -> dict[str, object]:
    gone = ("locator", "text") if row["role"] in _OF_TOOLS else ("locator",)
    return {name: value for name, value in lasting(row, time_basis).items() if name not in gone}


def _undated(words: _Words) -> _Words:
    return replace(words, time_basis="assumed")


def _held(row: Row) -> Held:
    return Held(
        session_id=str(row["session_id"]),
        source_id=str(row["source_id"]),
        uri=str(row["uri"]),
        fingerprint=str(row["fingerprint"]),
        utterance_count=int(str(row["utterance_count"])),
        time_basis=str(row["time_basis"]),
    )


def _held_words(db: Db, held: Held) -> _Words:
    return _Words(tuple(fetched(db, "held_utterances", session_id=held.session_id)), held.time_basis)
