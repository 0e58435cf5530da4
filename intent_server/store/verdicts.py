"""Which candidates are about what people have judged already: their choice's words overlap with a verdict's.

The rule: a candidate and a decision are about the same words where, in one utterance, a span of the one's choice and a
span of the other's share at least half of the shorter one's characters. Of several such decisions it is the one with
which it shares most of the longer one; a reviewed one where two are equal. Words that a reviewed decision chose in a
session that was replaced are looked up in the new one by their text.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ingest.quotes import stretch
from ingest.records import Candidate, Span, Utterance
from intent_server.store.connect import Db
from intent_server.store.rows import fetched

SHARED = 0.5
"""Of the shorter span's characters: a newer extractor's span of the same words lies inside the older one or around it;
neighbouring sentences share nothing."""


def chosen_spans(
    db: Db, decision_ids: Iterable[str], session_id: str, utterances: Sequence[Utterance]
) -> dict[str, tuple[Span, ...]]:
    """Where the words that decisions chose stand in a session, by decision; nothing for words that are not there."""
    found: dict[str, list[Span]] = defaultdict(list)
    for row in fetched(db, "verdict_spans", ids=json.dumps(list(decision_ids)), session_id=session_id):
        index, start, end = (int(str(row[name])) for name in ("utterance_index", "start_char", "end_char"))
        span: Span | None = Span(index, start, end, str(row["quote"]))
        if not row["is_here"] and span is not None:
            span = _relocated(span, utterances)
        if span is not None:
            found[str(row["decision_id"])].append(span)
    return {decision_id: tuple(spans) for decision_id, spans in found.items()}


def nearest(
    candidates: Mapping[str, Candidate], spans: Mapping[str, Sequence[Span]], first: frozenset[str] = frozenset()
) -> dict[str, str]:
    """The decision that each candidate is about by the rule above, for those that are about one. `first`: win ties.

    The words that state it come before those that restate it.
    """
    found: dict[str, str] = {}
    for mark, candidate in candidates.items():
        own = choice_spans(candidate)
        shares = {one: share for one, there in spans.items() if (share := _share(own, there)) > 0}
        if shares:
            said = {one: _share(own[:1], spans[one]) for one in shares}
            found[mark] = max(shares, key=lambda one: (said[one], shares[one], one in first, one))
    return found


def choice_spans(candidate: Candidate) -> tuple[Span, ...]:
    """The words that a candidate chooses."""
    return next(part.spans for part in candidate.parts if part.kind == "choice")


def _share(own: Sequence[Span], there: Sequence[Span]) -> float:
    """How much of the longer span the nearest two share; 0 where it is less than SHARED of the shorter."""
    best = 0.0
    for one in own:
        for other in there:
            if one.utterance_index != other.utterance_index:
                continue
            shared = min(one.end_char, other.end_char) - max(one.start_char, other.start_char)
            lengths = sorted((one.end_char - one.start_char, other.end_char - other.start_char))
            if shared > 0 and shared >= SHARED * lengths[0]:
                best = max(best, shared / lengths[1])
    return best


def _relocated(span: Span, utterances: Sequence[Utterance]) -> Span | None:
    """The same words in other utterances, nearest to where they stood."""
    places = [(one, at) for one in utterances if (at := stretch(one.text, span.quote)) is not None]
    if not places:
        return None
    one, (start, end) = min(places, key=lambda place: abs(place[0].index - span.utterance_index))
    return Span(one.index, start, end, one.text[start:end])
