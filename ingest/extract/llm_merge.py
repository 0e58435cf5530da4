"""Candidates of two proposers, or of two pages, as one list: the same words are one decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import Enum

from ingest.records import Candidate, Part, Person, Span


class Overlapping(Enum):
    """What becomes of the name of a candidate that adds to another one in the same words."""

    SAME = "dropped"
    OTHER = "added"


def merged(base: Sequence[Candidate], found: Iterable[Candidate], named: Overlapping) -> tuple[Candidate, ...]:
    """The base, then what was found in words that none before it has.

    One in the same words adds the parts and people that are missing, and its extractor's name where it is another's.
    What a source's structure states is exact and stays as it is. Status, subject and confidence are those of the
    first; a confidence is not raised because two proposers agree: how far they err together is not measured. What is
    doubtful adds to what is not, never the other way round.
    """
    out = list(base)
    for one in found:
        twin = next((at for at, other in enumerate(out) if same_choice(other, one)), None)
        if twin is None:
            out.append(one)
        elif out[twin].is_doubtful and not one.is_doubtful:
            out[twin] = _with(one, out[twin], Overlapping.SAME)
        elif out[twin].authority == "extracted":
            out[twin] = _with(out[twin], one, named)
    return tuple(out)


def same_choice(one: Candidate, other: Candidate) -> bool:
    """Whether their choices stand in the same words, restatements included."""
    return any(_overlaps(mine, theirs) for mine in _choice(one) for theirs in _choice(other))


def _choice(candidate: Candidate) -> tuple[Span, ...]:
    return next((part.spans for part in candidate.parts if part.kind == "choice"), ())


def _overlaps(one: Span, other: Span) -> bool:
    """Whether half of the shorter one is common to both."""
    common = min(one.end_char, other.end_char) - max(one.start_char, other.start_char)
    shorter = min(one.end_char - one.start_char, other.end_char - other.start_char)
    return one.utterance_index == other.utterance_index and 2 * common >= shorter


def _with(first: Candidate, other: Candidate, named: Overlapping) -> Candidate:
    parts = list(first.parts)
    places: dict[int | None, int | None] = {None: None}
    for at, part in enumerate(other.parts):
        same = next((mine for mine, held in enumerate(parts) if _is_same(held, part)), None)
        places[at] = len(parts) if same is None else same
        if same is None:
            parts.append(replace(part, about=places.get(part.about)))
    named_too = named is Overlapping.OTHER and other.extractor not in first.extractor.split("+")
    extractor = f"{first.extractor}+{other.extractor}" if named_too else first.extractor
    people = _people(first.people, other.people)
    return replace(first, parts=tuple(parts), people=people, extractor=extractor)


def _is_same(held: Part, part: Part) -> bool:
    """Of one kind in the same words; a reason of the choice is none of an alternative."""
    is_alike = held.kind == part.kind and (held.about is None) == (part.about is None)
    return is_alike and any(_overlaps(mine, theirs) for mine in held.spans for theirs in part.spans)


def _people(first: tuple[Person, ...], other: tuple[Person, ...]) -> tuple[Person, ...]:
    """Each person once: the first to say what somebody's part was is believed."""
    known = {person.name for person in first}
    return (*first, *(person for person in other if person.name not in known))
