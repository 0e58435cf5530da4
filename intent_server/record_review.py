"""The write side: what a person or agent says of a decision in the record, and taking it back.

Each act is one transaction and one row of `reviews`; the decision's own row is closed and another one added.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ingest.records import Status
from ingest.text import folded
from intent_server.answers_record import Review
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.embed_models import chosen_model
from intent_server.errors import BadRequest
from intent_server.moments import Now
from intent_server.record_acts import Acting, acting, reason_of, settle_all, shown, standing
from intent_server.record_correct import corrected_parts, index_again
from intent_server.record_divide import Piece as Piece
from intent_server.record_divide import part_numbers as part_numbers
from intent_server.record_divide import split as split
from intent_server.record_join import merge as merge
from intent_server.record_quotes import Claimed, clean
from intent_server.record_show import show as show
from intent_server.record_supersede import check_interval, check_supersession, superseders
from intent_server.record_undo import undone
from intent_server.record_waiting import waiting as waiting
from intent_server.store.review import Done, add_act
from intent_server.store.review_state import part_ids, put, rows_of
from intent_server.store.rows import stamp

_STATUSES = ("proposed", "accepted", "declined", "superseded")


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be mended; None leaves a field as it is. Given `parts` replace all of their kinds."""

    subject: str | None = None
    status: Status | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    parts: tuple[Claimed, ...] | None = None


def ratify(settings: Settings, decision_id: str, *, by: Actor, now: Now, reason: str | None = None) -> Review:
    """Confirm a decision; the same person doing so again changes nothing.

    Raises: NotFound, AmbiguousId; BadRequest for one that was dismissed; the errors of the store.
    """
    why = reason_of(reason)
    with acting(settings, by, now) as act:
        full, acts = standing(act.db, decision_id)
        if not any(one.action == "ratified" and (one.actor, one.client) == (by.name, by.client) for one in acts):
            add_act(act.db, act.trail, by, full, Done("ratified", why))
            settle_all(act, [full], reason="ratified")
        return Review(action="ratify", decision=shown(act.db, full))


def dismiss(settings: Settings, decision_id: str, *, by: Actor, now: Now, reason: str) -> Review:
    """Take a wrong decision out of answers. Its row stays as it is; reading its source again does not bring it back.

    Raises: NotFound, AmbiguousId; BadRequest without a reason, or for one that was dismissed; the errors of the store.
    """
    why = clean(reason, "reason")
    with acting(settings, by, now) as act:
        full, _ = standing(act.db, decision_id)
        add_act(act.db, act.trail, by, full, Done("dismissed", why))
        settle_all(act, [full], reason="dismissed")
        return Review(action="dismiss", decision=shown(act.db, full))


def correct(
    settings: Settings,
    decision_id: str,
    correction: Correction,
    *,
    by: Actor,
    now: Now,
    reason: str,
    embedder: Callable[[], Embedder] | None = None,
) -> Review:
    """Mend a decision's fields or quotes; quotes stand in its own session.

    Raises: QuotesMissing, NotFound, AmbiguousId; BadRequest where nothing changes, or times or status do not fit.
    """
    why = clean(reason, "reason")
    model = (embedder or chosen_model(settings))()
    with acting(settings, by, now) as act:
        full, _ = standing(act.db, decision_id)
        rows = rows_of(act.db, full)
        fields = _fields(act, full, rows[-1], correction)
        parts = corrected_parts(act, full, correction.parts) if correction.parts else None
        if not fields and parts is None:
            raise BadRequest(f"Nothing of decision {full} changes: it says so already. Give what is to be mended.")
        told = fields if parts is None else {**fields, "parts": part_ids(parts)}
        add_act(act.db, act.trail, by, full, Done("corrected", why, changes=told))
        put(act.db, act.trail, rows, reason="corrected", parts=parts)
        settle_all(act, [full], reason="corrected")
        index_again(act.db, full, model)
        return Review(action="correct", decision=shown(act.db, full))


def supersede(
    settings: Settings,
    older_id: str,
    newer_id: str,
    *,
    by: Actor,
    now: Now,
    reason: str | None = None,
    valid_from: datetime | None = None,
) -> Review:
    """Say that a newer decision replaced an older one, from when it holds or, where given, from `valid_from` on.

    Raises: NotFound, AmbiguousId; BadRequest where that is so already, closes a circle, or dates do not fit.
    """
    why = reason_of(reason)
    with acting(settings, by, now) as act:
        older, _ = standing(act.db, older_id)
        newer, _ = standing(act.db, newer_id)
        check_supersession(act.db, newer, older, valid_from=valid_from)
        changes = {} if valid_from is None else {"valid_from": stamp(valid_from)}
        add_act(act.db, act.trail, by, older, Done("superseded", why, newer, changes))
        settle_all(act, [newer, older], reason="superseded")
        return Review(action="supersede", decision=shown(act.db, older), other=shown(act.db, newer))


def undo(
    settings: Settings,
    decision_id: str,
    *,
    by: Actor,
    now: Now,
    reason: str | None = None,
    embedder: Callable[[], Embedder] | None = None,
) -> Review:
    """Take back the last act upon a decision, or the act of this review id where that is the last one.

    Raises: NotFound, AmbiguousId; BadRequest where nothing was done, or later acts stand.
    """
    why = reason_of(reason)
    model = (embedder or chosen_model(settings))()
    with acting(settings, by, now) as act:
        full = undone(act, decision_id, why, model)
        return Review(action="undo", decision=shown(act.db, full))


def _fields(act: Acting, decision_id: str, row: dict[str, object], correction: Correction) -> dict[str, object]:
    """The columns that a correction changes, with what they become.

    Raises: BadRequest.
    """
    given: dict[str, object] = {}
    if correction.subject is not None:
        given["subject"] = folded(clean(correction.subject, "subject"))
    if correction.status is not None:
        if correction.status not in _STATUSES:
            raise BadRequest(f"status='{correction.status}' is none of {', '.join(_STATUSES)}.")
        given["status"] = correction.status
    for name, moment in (("valid_from", correction.valid_from), ("valid_to", correction.valid_to)):
        if moment is not None:
            given[name] = stamp(moment)
    after = superseders(act.db, decision_id)
    if after and given.keys() & {"status", "valid_to"}:
        raise BadRequest(
            f"Decision {decision_id} was replaced by {', '.join(after)}: that sets its status and valid_to. "
            f"Undo that first, or correct valid_from of the newer one."
        )
    changed = {name: value for name, value in given.items() if value != row[name]}
    check_interval(act.db, decision_id, {**row, **changed})
    return changed
