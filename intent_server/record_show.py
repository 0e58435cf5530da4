"""Part of the write side: a decision as a person judges it, in the conversation round its words. Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from intent_server.answers import Claim, Decision, ReviewEntry
from intent_server.answers_record import ContextLine, Numbered, Review, ReviewAction
from intent_server.config import Settings
from intent_server.errors import BadRequest
from intent_server.record_acts import decision_id_of, shown
from intent_server.record_waiting import why_waiting
from intent_server.store import load_sessions
from intent_server.store.connect import Db, open_reader
from intent_server.store.load_sessions import Stretch
from intent_server.store.review_state import rows_of

AROUND = 3
"""Utterances shown before and after each that a decision quotes."""
MAX_AROUND = 20


def show(settings: Settings, decision_id: str, *, around: int = AROUND) -> Review:
    """A decision with the conversation round its evidence, its parts by number, and what may be done with it.

    Raises: NotFound, AmbiguousId; BadRequest for an `around` that is none; the errors of the store.
    """
    if not 0 <= around <= MAX_AROUND:
        raise BadRequest(f"around={around} is not between 0 and {MAX_AROUND}.")
    with open_reader(settings.store, wait_s=settings.wait_s) as db:
        full = decision_id_of(db, decision_id)
        decision = shown(db, full)
        return Review(
            action="show",
            decision=decision,
            why_waiting=why_waiting(db, full),
            extractor=str(rows_of(db, full)[-1]["extractor"]),
            parts=numbered(decision) if decision else [],
            context=_context(db, decision, around) if decision else [],
            may_follow=_may_follow(decision.reviews) if decision else [],
        )


def numbered(decision: Decision) -> list[Numbered]:
    """The parts that `split` divides, by number from 1; reasons against an alternative go with it."""
    return [
        Numbered(number=number, kind=kind, recorded_text=claim.text)
        for number, (kind, claim) in enumerate(told_claims(decision)[1:], start=1)
    ]


def told_claims(decision: Decision) -> list[tuple[str, Claim]]:
    """The parts of a decision with their kinds in the order in which they are shown, the choice first."""
    groups = (
        ("choice", [decision.choice]),
        ("rationale", decision.rationale),
        ("alternative", decision.alternatives),
        ("constraint", decision.constraints),
        ("objection", decision.objections),
        ("consequence", decision.consequences),
    )
    return [(kind, claim) for kind, claims in groups for claim in claims]


def _context(db: Db, decision: Decision, around: int) -> list[ContextLine]:
    marks = _marks(decision)
    if not marks:
        return []
    stretches = [Stretch(decision.session_id, first, last) for first, last in _windows(sorted(marks), around)]
    return [
        ContextLine(**line.model_dump(), evidence=marks.get(line.utterance_index, []))
        for lines in load_sessions.lines(db, stretches)
        for line in lines
    ]


def _marks(decision: Decision) -> Mapping[int, list[str]]:
    """By utterance what stands in it, as `kind first-last`."""
    found: dict[int, list[str]] = defaultdict(list)
    claims = told_claims(decision)
    claims += [("rationale", reason) for _, claim in claims for reason in claim.reasons]
    for kind, claim in claims:
        for quote in claim.quotes:
            found[quote.place.utterance_index].append(f"{kind} {quote.start_char}-{quote.end_char}")
    return {index: list(dict.fromkeys(marks)) for index, marks in found.items()}


def _windows(indexes: Sequence[int], around: int) -> list[tuple[int, int]]:
    """The stretches of utterances round these, rising; those that touch are one."""
    made: list[tuple[int, int]] = []
    for index in indexes:
        first, last = max(0, index - around), index + around
        if made and first <= made[-1][1] + 1:
            made[-1] = (made[-1][0], last)
        else:
            made.append((first, last))
    return made


def _may_follow(reviews: Sequence[ReviewEntry]) -> list[ReviewAction]:
    """What may be done with a decision as it stands."""
    if any(act.action == "dismissed" for act in reviews):
        return ["undo"]
    again: list[ReviewAction] = ["undo"] if reviews else []
    first: list[ReviewAction] = ["ratify", "dismiss", "correct", "split", "merge", "supersede"]
    return [*first, *again]
