"""Part of the write side: taking back the last act upon a decision."""

from __future__ import annotations

from collections.abc import Sequence

from intent_server.embed import Embedder
from intent_server.errors import AmbiguousId, BadRequest
from intent_server.record_acts import Acting, check_circles, decision_id_of, settle_all, unlinked
from intent_server.record_correct import index_again
from intent_server.store import load
from intent_server.store.change import close_decisions
from intent_server.store.connect import Db
from intent_server.store.ids import ids
from intent_server.store.index import unindex_decision
from intent_server.store.review import Act, acts_on, acts_with, became, close_acts, gave_way_to
from intent_server.store.review_moves import Version, go_on, located, versions
from intent_server.store.review_state import PartChange, part_changes, put, rows_of
from intent_server.store.rows import Row, fetched


def undone(act: Acting, wanted: str, reason: str | None, model: Embedder) -> str:
    """Take back the last act upon a decision, or the act of a review id where that is the last one; the decision's id.

    Raises: NotFound, AmbiguousId; BadRequest where nothing was done, later acts stand, or a circle would close.
    """
    last = _last(act.db, wanted)
    decision_id = last.decision_id
    if last.action == "recorded":
        _unrecord(act, last, reason, model)
        return decision_id
    if last.action in ("split", "split_off"):
        return _unsplit(act, _split_of(act.db, last), reason, model)
    left_out = unlinked(act.db)
    close_acts(act.db, act.trail, [last], by=act.by, reason=reason)
    if last.action in ("corrected", "merged"):
        rows, parts = rows_of(act.db, decision_id), _parts_before(act, last)
        put(act.db, act.trail, rows, reason=f"{last.action} undone", parts=parts)
    if last.action == "merged":
        _bring_back(act, gave_way_to(last), str(rows_of(act.db, decision_id)[-1]["session_id"]), model)
    others = [last.other_decision_id] if last.other_decision_id else []
    settle_all(act, [*others, decision_id], reason=f"{last.action} undone")
    check_circles(act, left_out)
    if last.action in ("corrected", "merged"):
        index_again(act.db, decision_id, model)
    return decision_id


def _last(db: Db, wanted: str) -> Act:
    """The act that is meant: the last one upon a decision."""
    review = _review(db, wanted)
    decision_id = review[1] if review else _split_id(db, wanted) or decision_id_of(db, wanted)
    acts = acts_on(db, decision_id)
    if not acts:
        raise BadRequest(f"Nothing was done with decision {decision_id} here that stands.{_elsewhere(db, decision_id)}")
    if review and review[0] != acts[-1].review_id:
        number = next(at for at, one in enumerate(acts) if one.review_id == review[0])
        later = "; ".join(f"{one.who} ({one.review_id})" for one in acts[number + 1 :])
        raise BadRequest(f"After review {review[0]} decision {decision_id} was {later}. Undo the later ones first.")
    return acts[-1]


def _review(db: Db, wanted: str) -> tuple[str, str] | None:
    """(review id, decision id) where a review that stands is named; None where its text names none."""
    text = wanted.strip()
    found = list(fetched(db, "review_ids", id=text)) if len(text) >= load.SHORT_ID_CHARS else []
    found = [row for row in found if row["review_id"] == text] or found
    if not found or load.fitting_decisions(db, text):
        return None
    if len(found) > 1:
        raise AmbiguousId("review", wanted, [str(row["review_id"]) for row in found])
    if not found[0]["is_open"]:
        raise BadRequest(f"Review {found[0]['review_id']} was undone already.")
    return str(found[0]["review_id"]), str(found[0]["decision_id"])


def _elsewhere(db: Db, decision_id: str) -> str:
    """Where acts are that concern a decision without being upon it."""
    others = [one.decision_id for one in acts_with(db, [decision_id]) if one.decision_id != decision_id]
    return f" It was said to replace {others[0]}: undo that with `intent review undo {others[0]}`." if others else ""


def _unrecord(act: Acting, last: Act, reason: str | None, model: Embedder) -> None:
    """Close a recorded decision, with what it was said to replace; what had given way to it comes back."""
    with_it = [one for one in acts_with(act.db, [last.decision_id]) if one.other_decision_id == last.decision_id]
    replaced = [one.decision_id for one in with_it]
    session_id = str(rows_of(act.db, last.decision_id)[-1]["session_id"])
    close_acts(act.db, act.trail, [*with_it, last], by=act.by, reason=reason)
    close_decisions(act.db, act.trail, [last.decision_id], reason="recorded undone")
    unindex_decision(act.db, last.decision_id)
    _bring_back(act, gave_way_to(last), session_id, model)
    settle_all(act, replaced, reason="recorded undone")


def _bring_back(act: Acting, decision_ids: Sequence[str], session_id: str, model: Embedder) -> None:
    """Open decisions again that had ended for another one; those whose words are gone meanwhile stay closed."""
    back = [
        one
        for one in decision_ids
        if rows_of(act.db, one)[-1]["recorded_to"] is not None and go_on(act.db, act.trail, one, session_id)
    ]
    for one in back:
        index_again(act.db, one, model)
    settle_all(act, back, reason="it holds again")


def _split_of(db: Db, last: Act) -> Act:
    """The split by which a decision came about, or that is this act."""
    if last.action == "split":
        return last
    return next(one for one in reversed(acts_on(db, str(last.other_decision_id))) if one.action == "split")


def _split_id(db: Db, wanted: str) -> str | None:
    """The id of a closed decision that a person split, where that is what is named."""
    text = wanted.strip()
    if len(text) < load.SHORT_ID_CHARS or load.fitting_decisions(db, text):
        return None
    found = [str(row["decision_id"]) for row in fetched(db, "split_ids", id=text)]
    if len(found) > 1:
        raise AmbiguousId("decision", wanted, found)
    return found[0] if found else None


def _unsplit(act: Acting, done: Act, reason: str | None, model: Embedder) -> str:
    """Close what a decision was split into, and bring it back.

    Raises: BadRequest where something was done with one of them since.
    """
    whole, pieces = done.decision_id, became(done)
    acts = {one.review_id: one for one in acts_with(act.db, pieces)}
    since = [one for one in acts.values() if one.action != "split_off"]
    if since:
        told = "; ".join(f"{one.decision_id} was {one.who} ({one.review_id})" for one in since)
        raise BadRequest(f"After decision {whole} was split, {told}. Undo that first.")
    held = [one for one in pieces if rows_of(act.db, one)[-1]["recorded_to"] is None]
    session_id = str(rows_of(act.db, (held or [whole])[0])[-1]["session_id"])
    close_acts(act.db, act.trail, [*acts.values(), done], by=act.by, reason=reason)
    close_decisions(act.db, act.trail, held, reason="split undone")
    for one in held:
        unindex_decision(act.db, one)
    _bring_back(act, [whole], session_id, model)
    return whole


def _parts_before(act: Acting, last: Act) -> PartChange | None:
    """The versions of parts that end and begin when a correction is taken back; None where it changed none."""
    added, closed = part_changes(last)
    if not added and not closed:
        return None
    told = versions(act.db, last.decision_id)
    newest = {one.part_id: one for one in told}
    still = [one.part_id for one in told if one.part_id in added and one.row["recorded_to"] is None]
    before = [newest[part_id] for part_id in closed]
    session_id = str(rows_of(act.db, last.decision_id)[-1]["session_id"])
    evidence, gone = located(act.db, before, session_id)
    if any(one.row["kind"] == "choice" for one in gone):
        words = gone[0].row["text"]
        raise BadRequest(f"The words of before, “{words}”, do not stand in session {session_id}. Correct it anew.")
    new = ids(act.trail.now)
    kept = [one for one in before if one not in gone]
    rows = [_again(one, evidence) for one in kept]
    return PartChange(still, rows, [{**row, "evidence_id": next(new)} for row in evidence])


def _again(version: Version, evidence: list[Row]) -> dict[str, object]:
    """A version of a part to be added again, with its words as they stand in the session now."""
    names = ("part_id", "decision_id", "position", "kind", "about_part_id", "text")
    row = {name: version.row[name] for name in names}
    found = next((one["quote"] for one in evidence if one["part_id"] == version.part_id), None)
    return row if found is None else {**row, "text": found}
