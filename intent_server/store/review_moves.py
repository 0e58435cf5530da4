"""Reviewed decisions follow their words: into the session that replaced theirs, or back when the words come again.

What nobody can find again is not lost in silence: the decision is closed, and quarantine says so with its words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.fingerprint import fingerprint
from ingest.quotes import stretch
from ingest.records import Span
from intent_server.store.audit import Trail
from intent_server.store.connect import Db
from intent_server.store.ids import ids
from intent_server.store.review_state import PartChange, put, rows_of
from intent_server.store.rows import Row, evidence_row, fetched, insert, stamp
from intent_server.store.sql import query

STAGE = "review"
"""The stage of quarantined items that tell of reviewed decisions."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a part with its quotes in every session where they were found."""

    row: Row
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    """By session."""

    @property
    def part_id(self) -> str:
        """Its part."""
        return str(self.row["part_id"])

    @property
    def about(self) -> str | None:
        """The part that it speaks about."""
        about = self.row["about_part_id"]
        return None if about is None else str(about)


@dataclass(slots=True)
class _Found:
    """What was found again of a decision's parts in another session."""

    change: list[Row] = field(default_factory=list)
    evidence: list[Row] = field(default_factory=list)
    gone: list[Version] = field(default_factory=list)


def versions(db: Db, decision_id: str) -> list[Version]:
    """Every version of a decision's parts."""
    return [_version(row) for row in fetched(db, "part_versions", decision_id=decision_id)]


def go_on(db: Db, trail: Trail, decision_id: str, session_id: str) -> bool:
    """Put a reviewed decision, open or closed, into a session; False, and nothing done, where its choice is not there.

    Parts whose words are gone end, and quarantine says so.
    """
    rows = rows_of(db, decision_id)
    told = [one for one in versions(db, decision_id) if one.row["recorded_to"] is None]
    found = _Found() if rows[-1]["session_id"] == session_id else _found(db, trail, told, session_id)
    if any(one.row["kind"] == "choice" for one in found.gone):
        return False
    moved = {row["part_id"] for row in found.change}
    closed = [one.part_id for one in (*found.gone, *(one for one in told if one.part_id in moved))]
    is_open = rows[-1]["recorded_to"] is None
    put(
        db,
        trail,
        rows,
        reason="it goes on in another session" if is_open else "its words came again",
        parts=PartChange(closed, found.change, found.evidence),
        session_id=session_id,
    )
    for one in found.gone:
        tell_lost(db, trail, decision_id, f"{one.row['kind']} of a reviewed decision: its words are gone", one.row)
    if is_open:
        _move_documents(db, decision_id, session_id, found.evidence)
    else:
        _reopen(db, trail, decision_id, closed_at=str(rows[-1]["recorded_to"]))
    return True


def is_whole_in(db: Db, decision_id: str, session_id: str) -> bool:
    """Whether every quote of a decision stands in a session."""
    told = [one for one in versions(db, decision_id) if one.row["recorded_to"] is None]
    evidence, gone = located(db, told, session_id)
    wanted = sum(len(_said(one)) for one in told if session_id not in one.spans)
    return not gone and len(evidence) == wanted


def located(db: Db, versions_wanted: Sequence[Version], session_id: str) -> tuple[list[Row], list[Version]]:
    """(evidence of these parts in a session, those whose words are not there); what is evidence already comes not."""
    texts = {
        int(str(row["utterance_index"])): str(row["text"])
        for row in fetched(db, "held_utterances", session_id=session_id)
    }
    evidence: list[Row] = []
    gone: list[Version] = []
    for one in versions_wanted:
        if session_id in one.spans:
            continue
        spans = [span for old in _said(one) if (span := _nearest(texts, old)) is not None]
        if not spans:
            gone.append(one)
        key = (one.part_id, str(one.row["decision_id"]), session_id)
        evidence += [evidence_row(span, "", *key) for span in spans]
    return evidence, gone


def tell_lost(db: Db, trail: Trail, decision_id: str, reason: str, row: Row) -> None:
    """Put into quarantine what a reviewed decision lost. `row` has its words, as `text` or as `choice`."""
    origin = next(fetched(db, "decision_origin", decision_id=decision_id))
    batch = db.execute(query("latest_batch"), {"source_id": origin["source_id"]}).fetchone()
    item_id, text = next(ids(trail.now)), str(row.get("text") or row["choice"])
    mark = fingerprint([STAGE, decision_id, reason, text])
    item = {
        "item_id": item_id,
        "batch_id": "" if batch is None else str(batch[0]),
        "source_id": origin["source_id"],
        "session_id": rows_of(db, decision_id)[-1]["session_id"],
        "stage": STAGE,
        "reason": reason,
        "place": _place(decision_id),
        "text": text,
        "unit_count": 0,
        "fingerprint": mark,
        "recorded_from": stamp(trail.now),
    }
    insert(db, "quarantine", [item])
    trail.note("add", "quarantine", item_id, after=mark)


def _found(db: Db, trail: Trail, told: Sequence[Version], session_id: str) -> _Found:
    evidence, gone = located(db, told, session_id)
    lost = {one.part_id for one in gone}
    while more := [one for one in told if one.about in lost and one.part_id not in lost]:
        gone += more
        lost |= {one.part_id for one in more}
    new = ids(trail.now)
    found = _Found(gone=gone)
    found.evidence = [{**row, "evidence_id": next(new)} for row in evidence if row["part_id"] not in lost]
    first: dict[object, object] = {}
    for row in found.evidence:
        first.setdefault(row["part_id"], row["quote"])
    for one in told:
        if one.part_id in first and first[one.part_id] != one.row["text"]:
            found.change.append({**_part(one.row), "text": first[one.part_id]})
    return found


def _nearest(texts: Mapping[int, str], old: Span) -> Span | None:
    """Where the words stand, nearest to where they stood; letter for letter wins."""
    fits = [
        (text[at[0] : at[1]] != old.quote, abs(index - old.utterance_index), index, at)
        for index, text in texts.items()
        if (at := stretch(text, old.quote)) is not None
    ]
    if not fits:
        return None
    _, _, index, (start, end) = min(fits)
    return Span(index, start, end, texts[index][start:end])


def _said(version: Version) -> tuple[Span, ...]:
    """The words of a part as its newest session has them."""
    return next(iter(version.spans.values()), ())


def _move_documents(db: Db, decision_id: str, session_id: str, evidence: Sequence[Row]) -> None:
    """Take a decision's index documents along: derived rows, whose words are the same."""
    choice = next(
        row["part_id"] for row in fetched(db, "open_parts", decision_id=decision_id) if row["kind"] == "choice"
    )
    said = [int(str(row["utterance_index"])) for row in evidence if row["part_id"] == choice]
    if said:
        given = {"decision_id": decision_id, "session_id": session_id, "first": min(said), "last": max(said)}
        db.execute(query("move_documents"), given)


def _reopen(db: Db, trail: Trail, decision_id: str, *, closed_at: str) -> None:
    """Give a decision that goes on its links to things outside, and end what quarantine says of it."""
    new, now = ids(trail.now), stamp(trail.now)
    links = fetched(db, "links_closed_with", decision_id=decision_id, closed_at=closed_at)
    insert(db, "links", [{**row, "link_id": next(new), "recorded_from": now} for row in links])
    told = list(fetched(db, "quarantine_at", place=_place(decision_id), stage=STAGE))
    db.execute(query("close_quarantine"), {"ids": json.dumps([row["item_id"] for row in told]), "now": now})
    for row in told:
        trail.note("close", "quarantine", str(row["item_id"]), before=str(row["fingerprint"]), reason="it goes on")


def _place(decision_id: str) -> str:
    return f"decision {decision_id}"


def _part(row: Row) -> dict[str, object]:
    return {name: row[name] for name in ("part_id", "decision_id", "position", "kind", "about_part_id", "text")}


def _version(row: Row) -> Version:
    spans: dict[str, tuple[Span, ...]] = {}
    for item in reversed(list(_listed(row["evidence"]))):
        index, start, end = (int(str(item[name])) for name in ("utterance_index", "start_char", "end_char"))
        span = Span(index, start, end, str(item["quote"]))
        spans[str(item["session_id"])] = (span, *spans.get(str(item["session_id"]), ()))
    return Version(row, spans)


def _listed(text: object) -> Iterator[Mapping[str, object]]:
    yield from json.loads(str(text or "[]"))
