"""The tools that write, taken apart: what a model gave, as calls of the write side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.records import Person, Status
from intent_server import record_review
from intent_server.answers_record import Recorded, Review, ReviewAction
from intent_server.config import Actor, Settings
from intent_server.errors import BadRequest
from intent_server.moments import Now, since
from intent_server.questions_asker import Asker
from intent_server.record_review import Correction, Piece, part_numbers
from intent_server.record_statement import Claimed, Stated, record_decision


@dataclass(frozen=True, slots=True)
class Claims:
    """The arguments of `record_decision`, as given."""

    subject: str
    choice: str
    status: Status
    rationale: Sequence[str]
    alternatives: Sequence[Sequence[str]]
    constraints: Sequence[str]
    decided_by: Sequence[str]
    supersedes: str | None
    session: str | None
    statement: str | None
    utterance: int | None = None


def recorded(asker: Asker, claims: Claims, *, by: Actor, now: Now) -> Recorded:
    """Put the decision into the record.

    Raises: BadRequest; the errors of the write side, with the nearest text for a quote that nobody said.
    """
    stated = Stated(
        subject=claims.subject,
        parts=tuple(_parts(claims)),
        status=claims.status,
        people=tuple(Person(name, "decided") for name in claims.decided_by),
        supersedes=claims.supersedes,
    )
    return record_decision(
        asker.settings,
        stated,
        by=by,
        now=now,
        session=claims.session,
        statement=claims.statement,
        utterance=claims.utterance,
        embedder=asker.embedder,
    )


@dataclass(frozen=True, slots=True)
class Act:
    """The arguments of `review`, as given."""

    action: ReviewAction
    decision_id: str = ""
    reason: str | None = None
    newer_id: str = ""
    valid_from: str | None = None
    valid_to: str | None = None
    subject: str | None = None
    status: Status | None = None
    choice: str = ""
    rationale: Sequence[str] = ()
    session: str | None = None
    cursor: str | None = None
    since: str | None = None
    into: Sequence[Sequence[str]] = ()
    others: Sequence[str] = ()


def reviewed(settings: Settings, act: Act, *, by: Actor, now: Now) -> Review:
    """Do what was asked.

    Raises: BadRequest naming what the action lacks; NotFound, AmbiguousId; the errors of the write side.
    """
    if act.action == "list":
        begins = since("since", act.since)
        return record_review.waiting(settings, session=act.session, since=begins, cursor=act.cursor)
    decision_id = _needed(act, "decision_id", act.decision_id)
    if act.action == "show":
        return record_review.show(settings, decision_id)
    if act.action == "merge":
        return record_review.merge(settings, decision_id, act.others, by=by, now=now, reason=act.reason)
    if act.action == "ratify":
        return record_review.ratify(settings, decision_id, by=by, now=now, reason=act.reason)
    if act.action == "undo":
        return record_review.undo(settings, decision_id, by=by, now=now, reason=act.reason)
    if act.action == "supersede":
        newer, begins = _needed(act, "newer_id", act.newer_id), since("valid_from", act.valid_from)
        return record_review.supersede(
            settings, decision_id, newer, by=by, now=now, reason=act.reason, valid_from=begins
        )
    reason = _needed(act, "reason", act.reason)
    if act.action == "split":
        return record_review.split(settings, decision_id, _pieces(act.into), by=by, now=now, reason=reason)
    if act.action == "dismiss":
        return record_review.dismiss(settings, decision_id, by=by, now=now, reason=reason)
    return record_review.correct(settings, decision_id, _correction(act), by=by, now=now, reason=reason)


def _parts(claims: Claims) -> list[Claimed]:
    parts = [Claimed("choice", claims.choice)]
    parts += [Claimed("rationale", quote) for quote in claims.rationale]
    parts += [Claimed("constraint", quote) for quote in claims.constraints]
    for option in claims.alternatives:
        if not 1 <= len(option) <= 2:
            raise BadRequest(f"An alternative is [option] or [option, reason]; one of these has {len(option)} texts.")
        parts.append(Claimed("alternative", option[0]))
        parts += [Claimed("rationale", reason, about=len(parts) - 1) for reason in option[1:]]
    return parts


def _pieces(into: Sequence[Sequence[str]]) -> list[Piece]:
    """What a decision is split into, from texts: [choice], [choice, subject] or [choice, subject, "2,3"].

    Raises: BadRequest.
    """
    if odd := [one for one in into if not 1 <= len(one) <= 3]:
        raise BadRequest(f"Each of `into` is [choice, subject, part numbers]; one has {len(odd[0])} texts.")
    return [
        Piece(one[0], one[1] or None if len(one) > 1 else None, part_numbers(one[2]) if len(one) > 2 else None)
        for one in into
    ]


def _needed(act: Act, name: str, value: str | None) -> str:
    if not value:
        raise BadRequest(f"review {act.action} needs `{name}`. `review` with action `list` shows what waits.")
    return value


def _correction(act: Act) -> Correction:
    parts = [Claimed("choice", act.choice)] if act.choice else []
    parts += [Claimed("rationale", quote) for quote in act.rationale]
    return Correction(
        subject=act.subject,
        status=act.status,
        valid_from=since("valid_from", act.valid_from),
        valid_to=since("valid_to", act.valid_to),
        parts=tuple(parts) or None,
    )
