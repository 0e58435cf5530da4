"""Masks secrets before anything is stored: always the first pass, and the one that rejects go through as well.

The rules are detect-secrets' detectors of tokens and of named values (its entropy detectors are left out: in prose and
logs they find hashes and identifiers), with public token formats of a later date from `redact_formats`. A mask is
`[masked:RULE]`; text inside a mask is never looked at again, so masking twice is masking once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from ingest.extract.redact_formats import CUT_OFF, PLACES, TOKENS, Format, Formats, together
from ingest.extract.redact_values import KEYWORDS, is_named, is_template, values
from ingest.records import Candidate, Draft, Part, Person, Rejected, Session, Span, Utterance

_LONG_WORD = re.compile(r"\S{20}")
"""No token format is shorter than an AWS key id."""
_SIGNS = (*KEYWORDS, "://", "private key", "putty-user-key", "bearer ", "curl")
_MASK = re.compile(r"\[masked:[a-z0-9-]+\]")
_TOKEN_TAIL = re.compile(r"[\w+/=~-]*(?:\.[\w+/=~-]+)*")
_SHORTEST_TOKEN = 16
_AROUND = " \t\n\"'`:"
_NAMED = "named-secret"
_LEFT_OUT = "\n[… "
"""What readers write behind the words of a text that they cut."""
_TAIL_CHARS, _SHORTEST_CUT = 200, 11


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch `[start_char, end_char)` of the original text, in code points, that one mask stands for."""

    start_char: int
    end_char: int
    rule: str

    @property
    def mask(self) -> str:
        """What stands in its place."""
        return f"[masked:{self.rule}]"


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with its secrets masked, how many by rule, and the edits in order, for remapping spans."""

    text: str
    counts: tuple[tuple[str, int], ...] = ()
    edits: tuple[Edit, ...] = ()


def redact(draft: Draft) -> Draft:
    """The draft with every secret masked: utterances, title and other texts, stated candidates and refusals.

    Spans of stated candidates move with their text and grow over a mask they overlap.
    """
    counts: Counter[str] = Counter(dict(draft.masked))
    session = draft.session
    edits: dict[int, Masked] = {}
    utterances = tuple(_utterance(utterance, counts, edits) for utterance in session.utterances)
    masked_session = _session(session, utterances, counts, edits)
    return replace(
        draft,
        session=masked_session,
        candidates=_candidates(draft.candidates, utterances, counts, edits),
        rejected=tuple(_rejected(rejected, counts) for rejected in draft.rejected),
        masked=tuple(sorted(counts.items())),
    )


def mask(text: str) -> Masked:
    """The text with each secret replaced by `[masked:RULE]`; what is masked already stays as it is."""
    if not _is_suspicious(text):
        return Masked(text)
    edits = _merged(_hits(text), text)
    while edits:
        result = _apply(text, edits)
        further = [_unmoved(edit, edits) for edit in _merged(_hits(result), result)]
        if not further:
            return Masked(result, tuple(sorted(Counter(edit.rule for edit in edits).items())), edits)
        edits = tuple(sorted((*edits, *further), key=lambda edit: edit.start_char))
    return Masked(text)


def moved(start_char: int, end_char: int, edits: Iterable[Edit]) -> tuple[int, int]:
    """Where a stretch of the original text lies in the masked one, grown over every mask it overlaps."""
    start, end = start_char, end_char
    for edit in edits:
        shift = len(edit.mask) - (edit.end_char - edit.start_char)
        if edit.end_char <= start_char:
            start, end = start + shift, end + shift
        elif edit.start_char < end_char:
            start -= max(0, start_char - edit.start_char)
            end += max(0, edit.end_char - end_char) + shift
    return start, end


def _utterance(utterance: Utterance, counts: Counter[str], edits: dict[int, Masked]) -> Utterance:
    masked = mask(utterance.text)
    if masked.edits:
        edits[utterance.index] = masked
        counts.update(dict(masked.counts))
        utterance = replace(utterance, text=masked.text)
    topic, speaker = _string(utterance.topic, counts), _string(utterance.speaker, counts)
    locator = _text(utterance.locator, counts)  # a JSON pointer may hold any key
    if (topic, speaker, locator) != (utterance.topic, utterance.speaker, utterance.locator):
        utterance = replace(utterance, topic=topic, speaker=speaker, locator=locator)
    return utterance


def _session(
    session: Session, utterances: tuple[Utterance, ...], counts: Counter[str], edits: dict[int, Masked]
) -> Session:
    uncounted: Counter[str] = Counter()  # the stated candidates are the draft's candidates: counted there
    return replace(
        session,
        utterances=utterances,
        stated=_candidates(session.stated, utterances, uncounted, edits),
        title=_string(session.title, counts),
        project=_string(session.project, counts),
        branch=_string(session.branch, counts),
        notes=tuple(_text(note, counts) for note in session.notes),
    )


def _candidates(
    candidates: tuple[Candidate, ...], utterances: tuple[Utterance, ...], counts: Counter[str], edits: dict[int, Masked]
) -> tuple[Candidate, ...]:
    return tuple(
        replace(
            candidate,
            subject=_text(candidate.subject, counts),
            parts=tuple(_part(part, utterances, edits) for part in candidate.parts),
            people=tuple(Person(_text(person.name, counts), person.role) for person in candidate.people),
            references=tuple(replace(one, target=_text(one.target, counts)) for one in candidate.references),
        )
        for candidate in candidates
    )


def _part(part: Part, utterances: tuple[Utterance, ...], edits: dict[int, Masked]) -> Part:
    if not any(span.utterance_index in edits for span in part.spans):
        return part
    return replace(part, spans=tuple(_span(span, utterances, edits) for span in part.spans))


def _span(span: Span, utterances: tuple[Utterance, ...], edits: dict[int, Masked]) -> Span:
    if span.utterance_index not in edits:
        return span
    masked = edits[span.utterance_index]
    start, end = moved(span.start_char, span.end_char, masked.edits)
    return Span(span.utterance_index, start, end, masked.text[start:end])


def _rejected(rejected: Rejected, counts: Counter[str]) -> Rejected:
    return replace(
        rejected,
        reason=_text(rejected.reason, counts),
        where=_text(rejected.where, counts),
        text=_text(rejected.text, counts),
    )


def _text(text: str, counts: Counter[str]) -> str:
    masked = mask(text)
    counts.update(dict(masked.counts))
    return masked.text


def _string(text: str | None, counts: Counter[str]) -> str | None:
    return None if text is None else _text(text, counts)


def _is_suspicious(text: str) -> bool:
    """A cheap first look: a word as long as a token, a word or sign that secrets stand beside, a token cut off."""
    if _LONG_WORD.search(text):
        return True
    lowered = text.lower()
    return any(map(lowered.__contains__, _SIGNS)) or any(_cut_off(text))


def _hits(text: str) -> Iterator[Edit]:
    found = list(_whole_hits(text))
    yield from found
    for start, end in _cut_off(text):
        if not any(edit.start_char <= start < edit.end_char for edit in found):
            yield Edit(start, end, "cut-off-token")


def _cut_off(text: str) -> Iterator[tuple[int, int]]:
    """`[start, end)` of a token that is cut off by the end of the text, or of the words a reader kept of it."""
    marked = text.find(_LEFT_OUT)
    for part in (text, text[:marked]) if marked > 0 else (text,):
        end = len(part.rstrip())
        last = text[max(0, end - _TAIL_CHARS) : end].rsplit(None, 1)[-1:]  # the last word: no token holds white space
        if last and len(last[0]) >= _SHORTEST_CUT and (match := CUT_OFF.search(last[0])):
            yield end - len(last[0]) + match.start(), end


def _whole_hits(text: str) -> Iterator[Edit]:
    lowered = text.lower()
    for known in PLACES.opened(lowered):
        yield from _format_hits(known, text)
    if _LONG_WORD.search(text):
        for known in _tokens().opened(lowered):
            yield from _format_hits(known, text, whole=True)
    if any(map(lowered.__contains__, KEYWORDS)):
        yield from _named_values(text)


@cache
def _tokens() -> Formats:
    from ingest.extract.redact_detectors import detectors  # noqa: PLC0415 - its import takes 0.2 s and few texts need it

    return together(*TOKENS, *detectors())


def _format_hits(known: Format, text: str, *, whole: bool = False) -> Iterator[Edit]:
    group = "value" if "value" in known.pattern.groupindex else 0
    covered = 0  # a tail may run on over what would match again: each stretch is looked at once
    for match in known.pattern.finditer(text):
        if match.start() < covered:
            continue
        start, end = _trimmed(text, *match.span(group))
        if whole and (tail := _TOKEN_TAIL.match(text, end)):
            end = covered = tail.end()
        if (not whole or end - start >= _SHORTEST_TOKEN) and not is_template(text[start:end]):
            yield Edit(start, end, known.rule)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without the white space and quotes that some patterns take along."""
    while start < end and text[start] in _AROUND:
        start += 1
    while end > start and text[end - 1] in _AROUND:
        end -= 1
    return start, end


def _named_values(text: str) -> Iterator[Edit]:
    start = 0
    for line in text.split("\n"):
        if is_named(line):
            yield from (Edit(start + first, start + last, _NAMED) for first, last in values(line))
        start += len(line) + 1


def _merged(hits: Iterable[Edit], text: str) -> tuple[Edit, ...]:
    """The hits in order, overlapping ones as one under the most specific rule; none that touches a mask."""
    masks = [found.span() for found in _MASK.finditer(text)]
    merged: list[Edit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start_char, hit.rule == _NAMED, -hit.end_char, hit.rule)):
        if any(start < hit.end_char and hit.start_char < end for start, end in masks):
            continue
        if not merged or merged[-1].end_char <= hit.start_char:
            merged.append(hit)
            continue
        last = merged[-1]
        rule = hit.rule if last.rule == _NAMED else last.rule
        merged[-1] = Edit(last.start_char, max(last.end_char, hit.end_char), rule)
    return tuple(merged)


def _apply(text: str, edits: Iterable[Edit]) -> str:
    pieces: list[str] = []
    end = 0
    for edit in edits:
        pieces += (text[end : edit.start_char], edit.mask)
        end = edit.end_char
    return "".join((*pieces, text[end:]))


def _unmoved(edit: Edit, edits: Iterable[Edit]) -> Edit:
    """An edit of the masked text, which overlaps no mask, in positions of the original."""
    shift = 0
    for earlier in edits:
        if earlier.end_char + shift + len(earlier.mask) - (earlier.end_char - earlier.start_char) > edit.start_char:
            break
        shift += len(earlier.mask) - (earlier.end_char - earlier.start_char)
    return Edit(edit.start_char - shift, edit.end_char - shift, edit.rule)
