"""Rows to answers: decisions through time, with what was held of each, why it changed and who reviewed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from intent_server.answers import Event, ReviewEntry, Version
from intent_server.store.connect import Db
from intent_server.store.load import SHORT_ID_CHARS
from intent_server.store.sql import query


@dataclass(frozen=True, slots=True)
class _Row:
    """From queries/history_rows.sql."""

    decision_id: str
    subject: str
    choice: str
    status: str
    authority: str
    decided_at: datetime | None
    valid_from: datetime | None
    valid_to: datetime | None
    recorded_from: datetime
    recorded_to: datetime | None
    session_id: str
    session: str
    source: str
    time_basis: str
    is_session_open: bool
    is_doubtful: bool

    def told(self) -> tuple[object, ...]:
        """What a version shows of it."""
        return (self.subject, self.choice, self.status, self.authority, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class _Change:
    """From queries/history_changes.sql."""

    recorded_from: datetime
    action: str
    actor: str
    reason: str | None

    @property
    def told(self) -> str:
        """Why, and by whom."""
        return f"{self.reason}, by {self.actor}" if self.reason else f"by {self.actor}"


@dataclass(frozen=True, slots=True)
class _Known:
    """What stands beside the rows of some decisions, by decision."""

    evidence: Mapping[str, str]
    doubts: Mapping[str, str | None]
    """What is known against the words of a choice."""
    changes: Mapping[str, Sequence[_Change]]
    reviews: Mapping[str, Sequence[ReviewEntry]]
    supersedes: Mapping[str, Sequence[str]]
    superseded_by: Mapping[str, Sequence[str]]


def events(db: Db, ids: Sequence[str]) -> list[Event]:
    """Each of these decisions through time, oldest decided first, undated ones last. One never held is left out."""
    wanted = {"decision_ids": list(ids)}
    rows = [_Row(*row) for row in db.execute(query("history_rows"), wanted).fetchall()]
    known = _known(db, wanted)
    made = [
        _event(list(own), known)
        for _, own in groupby(
            (row for row in rows if row.recorded_from != row.recorded_to), key=lambda row: row.decision_id
        )
    ]
    return sorted(made, key=lambda one: (one.decided_at is None, one.decided_at or 0, one.decision_id))


def with_chain(db: Db, ids: Sequence[str]) -> list[str]:
    """These decisions and all that they replaced or that replaced them."""
    return _ids(db, "history_chain", decision_ids=list(ids))


def with_kin(db: Db, ids: Sequence[str]) -> list[str]:
    """These decisions and those of the same subject and place, held or not."""
    return _ids(db, "history_kin", decision_ids=list(ids))


def of_places(db: Db, session_ids: Sequence[str]) -> list[str]:
    """All decisions that the places of these sessions ever gave, held or not."""
    return _ids(db, "history_places", session_ids=list(session_ids))


def fitting(db: Db, text: str) -> list[str]:
    """Ids of the decisions, held or not, that this id, or start or end of one, may stand for; at most 11."""
    return _ids(db, "history_ids", id=text) if len(text) >= SHORT_ID_CHARS else []


def dropped(db: Db, beginnings: Sequence[str]) -> dict[str, str]:
    """Subject and choice of the decisions no longer held whose words begin so, each beginning met, by id."""
    return dict(db.execute(query("history_dropped"), {"beginnings": list(beginnings)}).fetchall())


def _known(db: Db, wanted: Mapping[str, object]) -> _Known:
    changes: dict[str, list[_Change]] = defaultdict(list)
    for decision_id, *change in db.execute(query("history_changes"), wanted).fetchall():
        changes[decision_id].append(_Change(*change))
    reviews: dict[str, list[ReviewEntry]] = defaultdict(list)
    for decision_id, review_id, action, actor, client, reason, at, undone in db.execute(
        query("history_reviews"), wanted
    ).fetchall():
        entry = ReviewEntry(
            review_id=review_id,
            action=action,
            actor=actor,
            client=client,
            reason=reason,
            recorded_from=_zoned(at),
            undone_at=None if undone is None else _zoned(undone),
        )
        reviews[decision_id].append(entry)
    older: dict[str, list[str]] = defaultdict(list)
    newer: dict[str, list[str]] = defaultdict(list)
    for decision_id, relation, target_kind, target, *_ in db.execute(query("links"), wanted).fetchall():
        if relation == "supersedes" and target_kind == "decision":
            older[decision_id].append(target)
            newer[target].append(decision_id)
    choices = db.execute(query("history_choices"), wanted).fetchall()
    evidence, doubts = {row[0]: row[1] for row in choices}, {row[0]: row[2] for row in choices}
    return _Known(evidence, doubts, changes, reviews, older, newer)


def _event(rows: Sequence[_Row], known: _Known) -> Event:
    last, one = rows[-1], rows[-1].decision_id
    reviews = list(known.reviews.get(one, ()))
    dismissed = next((each for each in reviews if each.action == "dismissed" and each.undone_at is None), None)
    is_open = last.recorded_to is None and last.is_session_open
    return Event(
        decision_id=one,
        subject=last.subject,
        status=last.status,
        authority=last.authority,
        is_held=is_open and dismissed is None,
        is_doubtful=last.is_doubtful or None,
        decided_at=None if last.decided_at is None else _zoned(last.decided_at),
        date_basis=last.time_basis,
        session_id=last.session_id,
        session=last.session,
        source=last.source,
        evidence_id=known.evidence[one],
        doubt=known.doubts[one],
        recorded_text=last.choice,
        supersedes=list(known.supersedes.get(one, ())),
        superseded_by=list(known.superseded_by.get(one, ())),
        versions=_versions(rows, known.changes.get(one, ())),
        reviews=reviews,
        dropped_because=_dropped_because(last, dismissed, known.changes.get(one, ())),
    )


def _versions(rows: Sequence[_Row], changes: Sequence[_Change]) -> list[Version]:
    """What was held one after the other; rows that tell the same are one version."""
    made = []
    for _, run in groupby(rows, key=_Row.told):
        same = list(run)
        first, end = same[0], same[-1].recorded_to
        came = [each for each in changes if each.recorded_from == first.recorded_from and each.action != "close"]
        made.append(
            Version(
                status=first.status,
                authority=first.authority,
                subject=first.subject,
                recorded_text=first.choice,
                valid_from=None if first.valid_from is None else _zoned(first.valid_from),
                valid_to=None if first.valid_to is None else _zoned(first.valid_to),
                recorded_from=_zoned(first.recorded_from),
                recorded_to=None if end is None else _zoned(end),
                because=came[-1].told if came else None,
            )
        )
    return made


def _dropped_because(last: _Row, dismissed: ReviewEntry | None, changes: Sequence[_Change]) -> str | None:
    if last.recorded_to is not None:
        went = [each for each in changes if each.recorded_from == last.recorded_to and each.action == "close"]
        return went[-1].told if went else None
    if dismissed is None:
        return None
    why = f": {dismissed.reason}" if dismissed.reason else ""
    return f"dismissed by {dismissed.actor}{why}"


def _ids(db: Db, name: str, **parameters: object) -> list[str]:
    return [str(row[0]) for row in db.execute(query(name), parameters).fetchall()]


def _zoned(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
