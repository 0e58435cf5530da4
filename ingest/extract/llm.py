"""A language model as proposer: its answers about the pages of a session become candidates, by the words they quote.

Optional, and pure: whoever asks the model is a parameter (`Ask`), and nothing here opens a network. A quote counts
only where its words stand in an utterance of its page; what is kept is the utterance's own text there. Anything else
is dropped and counted by reason, and `ground` decides last, as for every proposer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.extract.llm_answer import Found, PageAnswer, Quoted
from ingest.extract.llm_merge import Overlapping, merged
from ingest.extract.llm_pages import PROMPT_VERSION, Page
from ingest.extract.propose_words import content_words
from ingest.quotes import stretch
from ingest.quotes_near import same_words
from ingest.records import Candidate, Part, PartKind, Person, Session, Span
from ingest.text import folded

CONFIDENCE = 0.6
"""The same for every model until one is measured on the labelled sessions: what a model says of its own certainty is
not used. Whether a candidate is delivered (`Candidate.is_doubtful`) would be set in `_candidate`, from this."""
_SUBJECT_CHARS = 120


@dataclass(frozen=True, slots=True)
class Answered:
    """What a model said of a page, and what the server says it took."""

    answer: PageAnswer
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A page without a usable answer, and why."""

    reason: str
    input_tokens: int = 0
    output_tokens: int = 0
    is_final: bool = False
    """Asking again, or asking of another page, would fail the same way: a wrong key, no such model, no server."""


Ask = Callable[[Page], Answered | Unanswered]


@dataclass(frozen=True, slots=True)
class Proposed:
    """The candidates of some pages, each choice once, and what was dropped, by reason."""

    candidates: tuple[Candidate, ...]
    dropped: tuple[tuple[str, int], ...]


def extractor_name(model: str) -> str:
    """The name and version of a model as extractor. `model`: `provider:name`."""
    return f"llm/{model}/{PROMPT_VERSION}"


def proposed(session: Session, answers: Sequence[tuple[Page, PageAnswer]], model: str) -> Proposed:
    """What the answers say of the session, as far as it is said there."""
    dropped = Counter[str]()
    found: list[Candidate] = []
    for page, answer in answers:
        for one in answer.decisions:
            candidate = _candidate(_Reading(session, page, dropped), one, extractor_name(model))
            if candidate is not None:
                found.append(candidate)
    return Proposed(merged((), found, Overlapping.SAME), tuple(sorted(dropped.items())))


@dataclass(frozen=True, slots=True)
class _Reading:
    """One page of a session, and the count of what is dropped."""

    session: Session
    page: Page
    dropped: Counter[str]

    def span(self, kind: str, quote: Quoted) -> Span | None:
        """Where the words stand, at the utterance named or the nearest one of the page; None, counted, for nowhere."""
        words = quote.words.strip()
        for index in sorted(self.page.utterances, key=lambda index: (abs(index - quote.utterance), index)):
            text = self.session.utterances[index].text
            at = (stretch(text, words) or same_words(text, words)) if words else None
            if at is not None:
                return Span(index, at[0], at[1], text[at[0] : at[1]])
        self.dropped[f"{kind}: nobody said it"] += 1
        return None


def _candidate(reading: _Reading, found: Found, extractor: str) -> Candidate | None:
    choice = reading.span("choice", found.choice)
    if choice is None:
        return None
    if not content_words(choice.quote):
        reading.dropped["choice: it names nothing"] += 1
        return None
    return Candidate(
        subject=_subject(reading, found.subject) or folded(choice.quote, _SUBJECT_CHARS),
        status=found.status,
        authority="extracted",
        confidence=CONFIDENCE,
        parts=(Part("choice", (choice,)), *_parts(reading, found, choice)),
        extractor=extractor,
        people=tuple(dict.fromkeys(_people(reading, found))),
        decided_at=reading.session.utterances[choice.utterance_index].said_at,
    )


def _parts(reading: _Reading, found: Found, choice: Span) -> Iterator[Part]:
    """The parts after the choice, alternatives first: their reasons point to them."""
    position = 1
    for option in found.alternatives:
        span = reading.span("alternative", option.option)
        if span == choice:
            reading.dropped["alternative: it is the choice"] += 1
        if span is None or span == choice:
            continue
        yield Part("alternative", (span,))
        about, position = position, position + 1
        reason = reading.span("rationale", option.reason) if option.reason is not None else None
        if reason is not None:
            yield Part("rationale", (reason,), about)
            position += 1
    listed: tuple[tuple[PartKind, Sequence[Quoted]], ...] = (
        ("rationale", found.rationale),
        ("constraint", found.constraints),
        ("objection", found.objections),
        ("consequence", found.consequences),
    )
    for kind, quotes in listed:
        for quote in quotes:
            span = reading.span(kind, quote)
            if span is not None:
                yield Part(kind, (span,))


def _people(reading: _Reading, found: Found) -> Iterator[Person]:
    """Whoever said the words: a name that the model gives counts for nothing."""
    for voice in found.people:
        span = reading.span("person", voice.quote)
        if span is None:
            continue
        name = reading.session.utterances[span.utterance_index].speaker
        if name is None:
            reading.dropped["person: the source names no speaker"] += 1
        else:
            yield Person(name, voice.role)


def _subject(reading: _Reading, subject: str) -> str | None:
    """The subject in the page's own words; None, counted, where it is not in them: the choice's words stand then."""
    for index in reading.page.utterances:
        text = reading.session.utterances[index].text
        at = same_words(text, subject)
        if at is not None:
            return folded(text[at[0] : at[1]], _SUBJECT_CHARS)
    reading.dropped["subject: not in the page's words"] += 1
    return None
