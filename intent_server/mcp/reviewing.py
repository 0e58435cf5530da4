"""The tool `review` taken apart: one call of the write side for each action, with what that action needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from intent_server import record_review
from intent_server.answers import Review, ReviewAction
from intent_server.config import Actor, Settings
from intent_server.errors import BadRequest
from intent_server.moments import since
from intent_server.record_review import Correction
from intent_server.record_statement import Claimed


@dataclass(frozen=True, slots=True)
class Asked:
    """The arguments of the tool, as given."""

    action: ReviewAction
    decision_id: str | None = None
    reason: str | None = None
    newer_id: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    subject: str | None = None
    status: str | None = None
    choice: str | None = None
    rationale: Sequence[str] | None = None
    session: str | None = None
    cursor: str | None = None


def reviewed(settings: Settings, asked: Asked, *, by: Actor, now: datetime) -> Review:
    """Do what was asked.

    Raises: BadRequest naming what the action lacks; NotFound, AmbiguousId; the errors of the write side.
    """
    if asked.action == "list":
        return record_review.waiting(settings, session=asked.session, cursor=asked.cursor)
    decision_id = _needed(asked, "decision_id", asked.decision_id)
    if asked.action == "ratify":
        return record_review.ratify(settings, decision_id, by=by, now=now, reason=asked.reason)
    if asked.action == "undo":
        return record_review.undo(settings, decision_id, by=by, now=now, reason=asked.reason)
    if asked.action == "supersede":
        newer = _needed(asked, "newer_id", asked.newer_id)
        begins = since("valid_from", asked.valid_from)
        return record_review.supersede(
            settings, decision_id, newer, by=by, now=now, reason=asked.reason, valid_from=begins
        )
    reason = _needed(asked, "reason", asked.reason)
    if asked.action == "dismiss":
        return record_review.dismiss(settings, decision_id, by=by, now=now, reason=reason)
    return record_review.correct(settings, decision_id, _correction(asked), by=by, now=now, reason=reason)


def _needed(asked: Asked, name: str, value: str | None) -> str:
    if not value:
        raise BadRequest(f"review {asked.action} needs `{name}`. `review` with action `list` shows what waits.")
    return value


def _correction(asked: Asked) -> Correction:
    parts = [Claimed("choice", asked.choice)] if asked.choice else []
    parts += [Claimed("rationale", quote) for quote in asked.rationale or ()]
    return Correction(
        subject=asked.subject,
        status=asked.status,
        valid_from=since("valid_from", asked.valid_from),
        valid_to=since("valid_to", asked.valid_to),
        parts=tuple(parts) or None,
    )
