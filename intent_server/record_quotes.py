"""Part of the write side: quotes that somebody gives, found in the sessions held; on a miss, the nearest words.

A quote with the words of the source in their order stands there, whatever became of marks, case, white space and
Markdown, and an ellipsis may stand for words between; what is kept are the words as the source has them. For any other
the nearest stretch is told, to be copied.
Looking a quote up is one reading of the utterances by DuckDB, whatever their number; only what may fit is looked at
here. Among 100,000 utterances that takes some 0.2 s a quote on two busy cores, and the nearest text of a miss 0.4 s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.extract.redact import mask
from ingest.quotes import pattern, stretch
from ingest.quotes_near import nearest, same_words
from ingest.records import PartKind, Span
from ingest.text import folded, normalise
from intent_server.errors import AmbiguousId, BadRequest, Missed, NotFound, QuotesMissing
from intent_server.search import says_something
from intent_server.store.connect import Db
from intent_server.store.load_sessions import session_id as full_session_id
from intent_server.store.rows import fetched

MAX_QUOTE_CHARS = 4_000
_SHOWN_CHARS = 1_000
"""What is shown can be copied whole: of a longer stretch both ends, with an ellipsis that a quote may have."""
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

    Raises: BadRequest for a quote that is blank or too long, a choice without a telling word, or an `about` that names
    no alternative among them.
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
        if claim.kind == "choice" and claim.quote.strip() and not says_something(claim.quote):
            raise BadRequest(
                f"The choice '{claim.quote.strip()}' does not say by itself what was decided. Quote the words that do."
            )
    return tuple(Claimed(one.kind, clean(one.quote, f"quote of the {one.kind}"), one.about) for one in claims)


def placed_in(text: str, claims: Sequence[Claimed]) -> tuple[Span, ...]:
    """The spans of quotes in the one utterance of a statement.

    Raises: QuotesMissing.
    """
    places = [_stretch(text, claim.quote) for claim in claims]
    missed = [
        Missed(claim.kind, claim.quote, _words_near(text, claim.quote))
        for claim, place in zip(claims, places, strict=True)
        if place is None
    ]
    if missed:
        raise QuotesMissing("the statement", missed)
    return tuple(Span(0, at[0], at[1], text[at[0] : at[1]]) for at in places if at is not None)


def placed(db: Db, claims: Sequence[Claimed], *, session: str | None, utterance: int | None = None) -> Placed:
    """Where quotes stand: in the session named, else in the only one that holds them all.

    `utterance`: where the first quote is said to stand; of several places it decides for the nearest.
    Raises: QuotesMissing with the nearest text of each missing quote; NotFound, AmbiguousId for the session.
    """
    session_id = None if session is None else _session(db, session)
    found = _places(db, [claim.quote for claim in claims], session_id)
    holders = [one for one, by_quote in found.items() if len(by_quote) == len(claims)]
    if not holders:
        raise _missing(db, claims, found, session_id)
    if len(holders) > 1:
        raise AmbiguousId("session", f"these quotes ({folded(claims[0].quote, 60)})", holders)
    return Placed(holders[0], _chosen(found[holders[0]], len(claims), utterance))


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
    for number, quote in enumerate(quotes):
        if not any(number in by_quote for by_quote in found.values()):
            for holder, place in _otherwise_typed(db, quote, session_id):
                found[holder].setdefault(number, []).append(place)
    return found


def _otherwise_typed(db: Db, quote: str, session_id: str | None) -> Iterator[tuple[str, _Place]]:
    """Where the words of a quote stand that the source has with other marks, or with words at its ellipsis."""
    for row in _near(db, quote, session_id):
        text = str(row["text"])
        at = same_words(text, quote)
        if at is not None:
            said = text[at[0] : at[1]]
            yield str(row["session_id"]), _Place(int(str(row["utterance_index"])), at[0], at[1], said, is_exact=False)


def _stretch(text: str, quote: str) -> tuple[int, int] | None:
    return stretch(text, quote) or same_words(text, quote)


def _chosen(by_quote: Mapping[int, Sequence[_Place]], count: int, utterance: int | None) -> tuple[Span, ...]:
    """One place a quote: those typed as they stand first, then nearest to the first quote's, then the first one.

    The first quote's is that nearest to `utterance`, where one is named.
    """

    def rank(place: _Place) -> tuple[int, bool, int, int]:
        off = 0 if utterance is None else abs(place.utterance_index - utterance)
        return off, not place.is_exact, _distance(place, by_quote), place.utterance_index

    first = min(by_quote[0], key=rank)

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
    best, highest = None, 0.0
    for row in _near(db, quote, session_id):
        text = str(row["text"])
        found = nearest(text, quote)
        if found is not None and found.likeness > highest:
            of = "" if session_id else f" of session {row['session_id']}"
            where = f"utterance {row['utterance_index']}{of}"
            best, highest = f"“{_shown(text[found.start : found.end])}” ({where})", found.likeness
    return best


def _near(db: Db, quote: str, session_id: str | None) -> Iterator[Mapping[str, object]]:
    """The utterances that share most words with a quote, as many as are looked at."""
    left = _LOOKED_AT_CHARS
    for row in list(fetched(db, "near_utterances", words=_words(quote), session_id=session_id)):
        size = len(str(row["text"]))
        if size <= left:
            left -= size
            yield row


def _words_near(text: str, quote: str) -> str | None:
    found = nearest(text, quote)
    return None if found is None else f"“{_shown(text[found.start : found.end])}”"


def _words(quote: str) -> list[str]:
    """What is looked for of a quote: its longest words and numbers; of writing without spaces, pairs of characters."""
    words: set[str] = set()
    for word in "".join(char if char.isalnum() else " " for char in quote.lower()).split():
        words |= {word} if word.isascii() else {word[at : at + 2] for at in range(max(1, len(word) - 1))}
    telling = [word for word in words if len(word) > 2 or not word.isalpha() or not word.isascii()]
    return sorted(telling or words, key=lambda word: (-len(word), word))[:32]


def _shown(text: str) -> str:
    half = _SHOWN_CHARS // 2
    return text if len(text) <= _SHOWN_CHARS else f"{text[:half].rpartition(' ')[0]} … {text[-half:].partition(' ')[2]}"
