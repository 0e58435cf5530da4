"""Part of the write side: what the record holds already in the words of a decision that somebody states."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.records import Candidate, Span
from intent_server.answers import Claim
from intent_server.record_acts import Acting, standing
from intent_server.store import load
from intent_server.store.connect import Db
from intent_server.store.review import acts_on, is_dismissed, same_words
from intent_server.store.rows import Row


def found_in_the_words(db: Db, held: Sequence[Row], candidate: Candidate) -> list[str]:
    """The decisions that extraction found in the choice's words and nobody looked at since."""
    words = same_words(candidate.parts[0].spans[0].quote)
    free = {str(row["decision_id"]): row for row in held if row["authority"] == "extracted" and not row["is_kept"]}
    there = set(_there(db, list(free), candidate))
    return [one for one, row in free.items() if one in there or same_words(str(row["choice"])) == words]


def already_held(act: Acting, held: Sequence[Row], candidate: Candidate) -> str | None:
    """The decision that has the choice's words and does not give way: its source or somebody here states it.

    Raises: BadRequest for a client, where one was dismissed: a person said that these words are none.
    """
    free = set(found_in_the_words(act.db, held, candidate))
    for decision_id in _there(act.db, [str(row["decision_id"]) for row in held], candidate):
        if decision_id in free and not is_dismissed(acts_on(act.db, decision_id)):
            continue
        if is_dismissed(acts_on(act.db, decision_id)):
            if act.by.client is not None:
                standing(act.db, decision_id)
            continue
        return decision_id
    return None


def _there(db: Db, decision_ids: Sequence[str], candidate: Candidate) -> list[str]:
    """Those whose choice stands where the candidate's does."""
    span = candidate.parts[0].spans[0]
    return [one.decision_id for one in load.decisions(db, decision_ids) if _overlaps(one.choice, span)]


def _overlaps(choice: Claim, span: Span) -> bool:
    """Whether half of the shorter of the two is common to both: one of them may have quoted the whole sentence."""
    quote = choice.quotes[0]
    common = min(quote.end_char, span.end_char) - max(quote.start_char, span.start_char)
    shorter = min(quote.end_char - quote.start_char, span.end_char - span.start_char)
    return quote.place.utterance_index == span.utterance_index and 2 * common >= shorter
