"""What must hold for every case: each check raises Broken, or lets the fault's own exception through."""

from __future__ import annotations

import math
import typing
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from ingest.errors import NoReader, SourceError, UnitsUnaccounted
from ingest.extract.redact import mask, moved
from ingest.pipeline import extract, read
from ingest.records import (
    Authority,
    Candidate,
    Ingested,
    Part,
    PartKind,
    Reader,
    Rejected,
    Role,
    Session,
    Source,
    Status,
    TimeBasis,
    Utterance,
)
from ingest.registry import reader_for, readers
from ingest.text import decode, head_text, irregular, normalise, sentences, visible
from tests.fuzz.cases import Case, source_of
from tests.fuzz.tokens import left_over, planted

KINDS = frozenset(
    "meeting agent_session pull_request decision_record chat mail issue commit pipeline statement".split()
)
_ROLES, _PARTS = frozenset(typing.get_args(Role)), frozenset(typing.get_args(PartKind))
_STATUSES, _AUTHORITIES = frozenset(typing.get_args(Status)), frozenset(typing.get_args(Authority))
_BASES = frozenset(typing.get_args(TimeBasis))
_MOST_MS = 2**53


class Broken(AssertionError):
    """A law that a case breaks; the text says which, without values, so that one fault is found once."""


def must(holds: bool, law: str) -> None:
    """Raises: Broken with the law's name."""
    if not holds:
        raise Broken(law)


def check_case(reader: Reader, case: Case) -> tuple[str, ...]:
    """What a reader makes of a case, as a signature of its behaviour; whatever is wrong is raised."""
    source = source_of(case)
    if source is None:
        return ("empty",)
    rank = reader.accepts(source)
    must(type(rank) is int and 0 <= rank <= 100, "accepts is a whole number from 0 to 100")
    try:
        reading = read(source, reader)
    except UnitsUnaccounted as error:
        raise Broken("read is kept + set aside + rejected") from error
    except SourceError as error:
        must(bool(str(error)), "an error says something")
        return (type(error).__name__, str(rank))
    seen = {str(rank), *(rule for rule, _ in reading.set_aside), *(item.reason[:24] for item in reading.rejected)}
    _check_rejected(reading.rejected)
    for session in reading.sessions:
        check_session(session)
        if session.utterances:
            ingested = extract(session)
            check_ingested(ingested)
            seen.update(_behaviour(ingested))
    return tuple(sorted(seen))


def check_ranks(case: Case) -> tuple[str, ...]:
    """Every reader ranks the case without an error; those that rank it highest, which are two where it is ambiguous."""
    source = source_of(case)
    if source is None:
        return ()
    ranks = {reader.name: reader.accepts(source) for reader in readers()}
    must(all(type(rank) is int and 0 <= rank <= 100 for rank in ranks.values()), "accepts is a whole number, 0 to 100")
    best = max(ranks.values())
    if best == 0:
        check_refused(source)
        return ()
    return tuple(sorted(name for name, rank in ranks.items() if rank == best))


def check_refused(source: Source) -> None:
    """What no reader accepts is refused in words."""
    try:
        reader_for(source)
    except NoReader as error:
        must(bool(error.looks_like), "a refusal says what the content looks like")


def _behaviour(ingested: Ingested) -> Iterator[str]:
    session = ingested.session
    yield from (f"{one.role} {'at' if one.said_at else ''}{'ms' if one.start_ms else ''}" for one in session.utterances)
    yield f"{session.identity} {session.time_basis} {min(4, len(session.utterances))}"
    yield from (note.split(":")[0][:30] for note in session.notes)
    for one in ingested.candidates:
        yield f"{one.extractor} {one.status} " + " ".join(sorted({part.kind for part in one.parts}))


def check_session(session: Session) -> None:
    """The laws of a session as its reader gave it."""
    must(session.kind in KINDS, "the session's kind is known")
    must(session.identity in ("native", "content") and bool(session.native_id.strip()), "a session has an identity")
    must(session.time_basis in _BASES, "the session's time basis is known")
    must(session.kept >= 0 and all(units >= 0 for _, units in session.set_aside), "units are not negative")
    must(bool(session.utterances) or not session.stated, "a decision is stated by words")
    _check_texts(_session_texts(session))
    _check_moments((session.started_at, session.ended_at))
    for position, utterance in enumerate(session.utterances):
        _check_utterance(utterance, position)
    for candidate in session.stated:
        check_candidate(candidate, session.utterances)
        is_prose = session.kind in ("commit", "pipeline") and candidate.authority == "extracted"  # whole sentences
        must(candidate.authority == "structured" or is_prose, "a stated decision is structured")


def _check_utterance(utterance: Utterance, position: int) -> None:
    must(utterance.index == position, "an utterance's index is its position")
    must(bool(utterance.text.strip()), "an utterance is not blank")
    must(utterance.text == normalise(utterance.text), "an utterance is normalised")
    must(utterance.role in _ROLES, "an utterance's role is known")
    must(bool(utterance.locator.strip()), "an utterance has a place")
    must(utterance.speaker is None or bool(utterance.speaker.strip()), "a speaker's name is not blank")
    for at_ms in (utterance.start_ms, utterance.end_ms):
        must(at_ms is None or (type(at_ms) is int and 0 <= at_ms < _MOST_MS), "milliseconds are whole and in range")
    _check_moments((utterance.said_at,))
    optional = (utterance.speaker, utterance.native_id, utterance.parent_id, utterance.topic)
    _check_texts((utterance.text, utterance.locator, *(text for text in optional if text is not None)))


def check_candidate(candidate: Candidate, utterances: tuple[Utterance, ...]) -> None:
    """The laws of a decision: one choice, known words, every span exact."""
    must(bool(candidate.subject.strip()) and len(candidate.subject) <= 120, "a subject is 1 to 120 characters")
    must(candidate.status in _STATUSES and candidate.authority in _AUTHORITIES, "status and authority are known")
    must(math.isfinite(candidate.confidence) and 0 <= candidate.confidence <= 1, "confidence is from 0 to 1")
    must([part.kind for part in candidate.parts].count("choice") == 1, "a decision has one choice")
    for position, part in enumerate(candidate.parts):
        must(part.kind in _PARTS and bool(part.spans), "a part is of a known kind and has evidence")
        must(part.about is None or _is_about(part, position, candidate), "a part speaks about another part")
        for span in part.spans:
            must(0 <= span.utterance_index < len(utterances), "a span is in an utterance")
            text = utterances[span.utterance_index].text
            must(0 <= span.start_char < span.end_char <= len(text), "a span lies within its text")
            must(text[span.start_char : span.end_char] == span.quote, "a span quotes its text")
            must(bool(span.quote.strip()), "a quote is not blank")
    _check_moments((candidate.decided_at,))
    _check_texts((candidate.subject, candidate.extractor, *(person.name for person in candidate.people)))
    _check_texts(one.target for one in candidate.references)


def _is_about(part: Part, position: int, candidate: Candidate) -> bool:
    return part.about is not None and 0 <= part.about < len(candidate.parts) and part.about != position


def check_ingested(ingested: Ingested) -> None:
    """The laws of a session after extraction."""
    for position, utterance in enumerate(ingested.session.utterances):
        _check_utterance(utterance, position)
    _check_texts(_session_texts(ingested.session))
    for candidate in ingested.candidates:
        check_candidate(candidate, ingested.session.utterances)
    must(all(item.units == 0 for item in ingested.rejected), "what extraction refuses counts for no unit")
    _check_rejected(ingested.rejected)


def _check_rejected(rejected: Iterable[Rejected]) -> None:
    for item in rejected:
        must(item.units >= 0 and bool(item.reason.strip()), "a refusal has a reason")
        must(bool(item.where.strip()), "a refusal has a place")
        _check_texts((item.reason, item.where, item.text))


def _session_texts(session: Session) -> Iterator[str]:
    optional = (session.title, session.project, session.branch, session.parent_id)
    yield from (text for text in optional if text is not None)
    yield from (session.native_id, *session.notes, *(rule for rule, _ in session.set_aside))


def _check_texts(texts: Iterable[str]) -> None:
    for text in texts:
        if not text.isascii():
            must(_is_storable(text), "a text has no lone surrogate")
        must("\x00" not in text, "a text has no NUL")


def _is_storable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _check_moments(moments: Iterable[datetime | None]) -> None:
    for moment in moments:
        must(moment is None or moment.utcoffset() == timedelta(0), "a moment is aware and UTC")
        must(moment is None or moment.astimezone(UTC).year >= 1, "a moment is in the calendar")


def check_text(data: bytes) -> tuple[str, ...]:
    """The laws of the text boundary for any bytes."""
    source = source_of(Case((("export", data),)))
    if source is None:
        return ("empty",)
    head = head_text(source)
    try:
        raw = decode(data, uri="x")
    except SourceError:
        raw = head
    text = normalise(raw)
    must(normalise(text) == text, "normalising twice is normalising once")
    must(_is_storable(text) and "\x00" not in text and "\r" not in text, "normalised text can be stored")
    shown = visible(text)
    must(visible(shown) == shown, "making visible twice is once")
    must(not any(_is_hidden(char) for char in shown), "visible text hides nothing")
    end = 0
    for start, stop in sentences(text):
        must(end <= start < stop <= len(text) and not text[end:start].strip(), "sentences leave only white space out")
        end = stop
    must(not text[end:].strip(), "sentences cover the text")
    if not text.strip():
        return ("blank",)
    found = irregular((Utterance(0, text, "person", "line 1"),))
    return tuple(one.kind for one in found)


def _is_hidden(char: str) -> bool:
    is_control = (char < " " and char not in "\n\t") or "\x7f" <= char <= "\x9f"
    return is_control or char in "\u200b\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\u00ad\u2028\u2029"


def check_mask(text: str, random: Random) -> tuple[str, ...]:
    """The laws of masking, for a text and for the text with secrets planted in it."""
    text = normalise(text)
    words, secret = planted(random)
    places = [at for at in range(len(text) + 1) if _is_gap(text, at)] or [0]
    at = random.choice(places)
    held = f"{text[:at]} {words} {text[at:]}" if text else words
    masked = mask(held)
    must(left_over(masked.text, secret) is None or left_over(text, secret) is not None, "a planted secret is masked")
    again = mask(masked.text)
    must(again.text == masked.text and not again.edits, "masking twice is masking once")
    pieces, end = [], 0
    for edit in masked.edits:
        must(end <= edit.start_char < edit.end_char <= len(held), "edits are in order and within the text")
        pieces += [held[end : edit.start_char], edit.mask]
        end = edit.end_char
    must("".join((*pieces, held[end:])) == masked.text, "the edits make the masked text")
    if held:
        start, stop = sorted((random.randint(0, len(held)), random.randint(0, len(held))))
        first, last = moved(start, stop, masked.edits)
        must(0 <= first <= last <= len(masked.text), "a moved span lies within the masked text")
    return tuple(rule for rule, _ in masked.counts)


def _is_gap(text: str, at: int) -> bool:
    """Whether a word could begin here: not inside one, and not inside a value that is masked as a whole."""
    return (at == 0 or text[at - 1] in " \n\t") and (at == len(text) or text[at] in " \n\t")
