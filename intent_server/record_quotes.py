"""Part of the write side: quotes that somebody gives, found in the sessions held; on a miss, the nearest words.

Looking a quote up is one reading of the utterances by DuckDB, whatever their number; only what may fit is looked at
here. Among 100,000 utterances that takes some 0.2 s a quote on two busy cores, and the nearest text of a miss 0.4 s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.extract.redact import mask
from ingest.quotes import pattern, stretch
from ingest.records import PartKind, Span
from ingest.text import folded, normalise, sentences
from intent_server.errors import AmbiguousId, BadRequest, Missed, NotFound, QuotesMissing
from intent_server.store.connect import Db
from intent_server.store.load_sessions import session_id as full_session_id
from intent_server.store.rows import fetched

MAX_QUOTE_CHARS = 4_000
_SHOWN_CHARS = 240
_LOOKED_AT_CHARS = 400_000
"""Of the utterances that share most words with a missing quote so much is compared letter by letter."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A part of a decision as somebody gives it: words that stand in a session.

    `about`: position in the same list of what it speaks about, the alternative whose reason it is.
    """

    kind: PartKind
    quote: str
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where quotes stand: a session, and a span for each, in the order given."""

    session_id: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    utterance_index: int
    start: int
    end: int
    text: str
    is_exact: bool

    def span(self) -> Span:
        return Span(self.utterance_index, self.start, self.end, self.text)


def clean(text: str, what: str) -> str:
    """A text that somebody gives as it may be stored: normalised, secrets masked, no white space around it.

    Raises: BadRequest for one that is blank.
    """
    kept = mask(normalise(text)).text.strip()
    if not kept:
        raise BadRequest(f"The {what} is empty. Give its words.")
    return kept


def checked(claims: Sequence[Claimed]) -> tuple[Claimed, ...]:
    """The parts with quotes as they are looked up.

    Raises: BadRequest for a quote that is blank or too long, or an `about` that names no alternative among them.
    """
    for claim in claims:
        if len(claim.quote) > MAX_QUOTE_CHARS:
            problem = f"has {len(claim.quote):,} characters; at most {MAX_QUOTE_CHARS:,}"
            raise BadRequest(f"The quote '{folded(claim.quote, 60)}…' {problem}. Quote the sentence that says it.")
        if claim.about is not None and not (
            0 <= claim.about < len(claims) and claims[claim.about].kind == "alternative" and claim.kind == "rationale"
        ):
            raise BadRequest(
                f"about={claim.about} of '{folded(claim.quote, 60)}' is no position of an alternative among the "
                f"{len(claims)} parts; only a rationale is about one."
            )
    return tuple(Claimed(one.kind, clean(one.quote, f"quote of the {one.kind}"), one.about) for one in claims)


def placed_in(text: str, claims: Sequence[Claimed]) -> tuple[Span, ...]:
    """The spans of quotes in the one utterance of a statement.

    Raises: QuotesMissing.
    """
    places = [stretch(text, claim.quote) for claim in claims]
    missed = [
        Missed(claim.kind, claim.quote, _best(claim.quote, [text]))
        for claim, place in zip(claims, places, strict=True)
        if place is None
    ]
    if missed:
        raise QuotesMissing("the statement", missed)
    return tuple(Span(0, at[0], at[1], text[at[0] : at[1]]) for at in places if at is not None)


def placed(db: Db, claims: Sequence[Claimed], *, session: str | None) -> Placed:
    """Where quotes stand: in the session named, else in the only one that holds them all.

    Raises: QuotesMissing with the nearest text of each missing quote; NotFound, AmbiguousId for the session.
    """
    session_id = None if session is None else _session(db, session)
    found = _places(db, [claim.quote for claim in claims], session_id)
    holders = [one for one, by_quote in found.items() if len(by_quote) == len(claims)]
    if not holders:
        raise _missing(db, claims, found, session_id)
    if len(holders) > 1:
        raise AmbiguousId("session", f"these quotes ({folded(claims[0].quote, 60)})", holders)
    return Placed(holders[0], _chosen(found[holders[0]], len(claims)))


def _session(db: Db, session: str) -> str:
    try:
        return full_session_id(db, session)
    except NotFound as error:
        remedy = "Ingest it first, or give the words as a `statement`."
        raise NotFound("session", session, f"Give its id or its title. {remedy}") from error


def _places(db: Db, quotes: Sequence[str], session_id: str | None) -> dict[str, dict[int, list[_Place]]]:
    """By session, and by the quote's number, where it stands."""
    found: dict[str, dict[int, list[_Place]]] = defaultdict(dict)
    for number, quote in enumerate(quotes):
        given = {"quote": quote, "pattern": pattern(quote), "session_id": session_id}
        for row in fetched(db, "quoted_utterances", **given):
            text = str(row["text"])
            at = stretch(text, quote)
            if at is not None:
                said = text[at[0] : at[1]]
                place = _Place(int(str(row["utterance_index"])), at[0], at[1], said, said == quote)
                found[str(row["session_id"])].setdefault(number, []).append(place)
    return found


def _chosen(by_quote: Mapping[int, Sequence[_Place]], count: int) -> tuple[Span, ...]:
    """One place a quote: those typed as they stand first, then nearest to the first quote's, then the first one."""
    first = min(by_quote[0], key=lambda place: (not place.is_exact, _distance(place, by_quote), place.utterance_index))

    def nearest(place: _Place) -> tuple[bool, int, int]:
        return not place.is_exact, abs(place.utterance_index - first.utterance_index), place.utterance_index

    return (first.span(), *(min(by_quote[number], key=nearest).span() for number in range(1, count)))


def _distance(place: _Place, by_quote: Mapping[int, Sequence[_Place]]) -> int:
    return sum(
        min(abs(other.utterance_index - place.utterance_index) for other in others) for others in by_quote.values()
    )


def _missing(
    db: Db, claims: Sequence[Claimed], found: Mapping[str, Mapping[int, object]], session_id: str | None
) -> QuotesMissing:
    """What to say of quotes that no session holds together: in the session named, or that holds most of them."""
    likely = session_id or max(found, key=lambda one: (len(found[one]), one), default=None)
    held = found.get(likely or "", {})
    missed = [
        Missed(claim.kind, claim.quote, _nearest(db, claim.quote, likely))
        for number, claim in enumerate(claims)
        if number not in held
    ]
    if likely is None:
        return QuotesMissing("any session", missed)
    name = next((str(row["name"]) for row in fetched(db, "session_name", session_id=likely)), likely)
    return QuotesMissing(f"session '{folded(name, 80)}' ({likely})", missed)


def _nearest(db: Db, quote: str, session_id: str | None) -> str | None:
    """The words nearest to a quote, with their place; None where no word of it stands anywhere."""
    rows = list(fetched(db, "near_utterances", words=_words(quote), session_id=session_id))
    texts = [str(row["text"]) for row in rows]
    best = _best(quote, texts)
    if best is None:
        return None
    row = next(row for row in rows if best in str(row["text"]))
    where = f"utterance {row['utterance_index']}"
    of = "" if session_id else f" of session {row['session_id']}"
    return f"“{_shown(best)}” ({where}{of})"


def _best(quote: str, texts: Iterable[str]) -> str | None:
    """The stretch of sentences that shares most trigrams with the quote."""
    asked = _trigrams(quote)
    length = max(1, sum(1 for _ in sentences(quote)))
    best, highest, left = None, 0.1, _LOOKED_AT_CHARS
    for text in texts:
        left -= len(text)
        if left < 0:
            break
        cuts = list(sentences(text))
        for first in range(len(cuts)):
            for last in {first, min(first + length, len(cuts)) - 1}:
                stretch_ = text[cuts[first][0] : cuts[last][1]]
                score = _likeness(asked, _trigrams(stretch_))
                if score > highest:
                    best, highest = stretch_, score
    return best


def _likeness(asked: frozenset[str], other: frozenset[str]) -> float:
    """How much of what was asked for stands in the other, and a little for how little else does."""
    shared = len(asked & other)
    return 0.8 * shared / len(asked) + 0.2 * 2 * shared / (len(asked) + len(other)) if asked and other else 0.0


def _trigrams(text: str) -> frozenset[str]:
    line = f" {' '.join(text.casefold().split())} "
    return frozenset(line[at : at + 3] for at in range(len(line) - 2))


def _words(quote: str) -> list[str]:
    """What is looked for of a quote: its longest words; of writing without spaces, pairs of characters."""
    words: set[str] = set()
    for word in "".join(char if char.isalnum() else " " for char in quote.lower()).split():
        words |= {word} if word.isascii() else {word[at : at + 2] for at in range(max(1, len(word) - 1))}
    telling = [word for word in words if len(word) > 2 or not word.isascii()]
    return sorted(telling or words, key=lambda word: (-len(word), word))[:32]


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}…"
