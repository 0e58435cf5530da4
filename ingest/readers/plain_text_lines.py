"""Part of the plain_text reader: what one line is, and which labels of a file are speakers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.times import milliseconds
from ingest.turns import CLOCK, is_name_like, may_speak

_TIMED = re.compile(rf"^(?:\[({CLOCK})\]|\(({CLOCK})\)|({CLOCK})(?=\s))\s*(?:[-–—]\s+)?(?=\S)")
_MARKER = re.compile(rf"^#{{0,6}}\s*[\[(]?({CLOCK})[\])]?:?$")
_BOLD = re.compile(r"^(\*\*|__)(?=\S)(.{1,80}?)(:?)\1(:?)\s*")
_LABEL = re.compile(r"^(?P<label>\S(?:.{0,88}?\S)??)\s{0,3}:(?=\s|$)\s*")
_TIME_AFTER = re.compile(rf"^(?P<label>\S.{{0,59}}?)\s{{0,3}}[\[(]({CLOCK})[\])]:?(?:\s+|$)")
_TIME_ONLY = re.compile(rf"^[\[(]?({CLOCK})[\])]?$")
_INITIALS = re.compile(r"^(?P<name>.+?)\s+\((?P<initials>[A-Z][A-Za-z]{0,4})\)$")
_DENSE_SHARE = 0.8
"""A text with a known speaker's label on this share of its lines is one turn a line; ours, no source."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A line read as the opening of a turn: who, when, and the first words, which may be none."""

    label: str
    start_ms: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Speakers:
    """The labels of a file that are speakers, and the full name behind each set of initials."""

    labels: frozenset[str]
    full_names: Mapping[str, str]
    any_name: bool
    """Whether every line carries a label, so that one seen once and shaped like a name is a speaker too."""

    def name(self, label: str) -> str | None:
        """The name to show for a label, white space folded; None when the label is no speaker."""
        plain, _ = without_initials(label)
        if label in self.labels or plain in self.labels or (self.any_name and is_name_like(plain)):
            return self.full_names.get(plain, plain)
        return None


def marker_ms(line: str) -> int | None:
    """The time of a line that holds nothing else: `00:02:03`, `[02:03]`, `### 00:02:03`."""
    match = _MARKER.match(line.strip())
    return milliseconds(match[1]) if match else None


def timed(line: str) -> tuple[int | None, str]:
    """The time a line opens with, if it does, and the rest of the line."""
    match = _TIMED.match(line)
    if match is None:
        return None, line
    clock = match[1] or match[2] or match[3]
    return milliseconds(clock), line[match.end() :]


def shape(line: str) -> Shape | None:
    """How a line opens a turn, if it has the form of one; whether its label is a speaker is another question.

    An indented line never does: it is code, a list or a quotation.
    """
    if line[:1].isspace():
        return None
    start_ms, rest = timed(line.strip())
    bold = _BOLD.match(rest)
    if bold is not None and (bold[3] or bold[4]):
        return _shape(bold[2], start_ms, rest[bold.end() :])
    after = _TIME_AFTER.match(rest)
    if after is not None and start_ms is None and ": " not in after["label"]:
        return _shape(after["label"], milliseconds(after[2]), rest[after.end() :])
    match = _LABEL.match(rest)
    return _shape(match["label"], start_ms, rest[match.end() :]) if match else None


def without_initials(label: str) -> tuple[str, str | None]:
    """`Mara Lindqvist (ML)` as name and initials; a label without them as it is."""
    match = _INITIALS.match(label)
    if match is None:
        return label, None
    letters = "".join(word[0] for word in match["name"].split())
    is_own = letters.casefold().startswith(match["initials"][0].casefold()) and match["initials"].isupper()
    return (match["name"], match["initials"]) if is_own and letters.upper() == match["initials"] else (label, None)


def speakers(lines: Sequence[str], participants: Iterable[str]) -> Speakers:
    """Which labels speak: at most 60 characters, no URL or keyword, and seen twice, timed, introduced or a participant.

    Where nearly every line opens with such a label, one seen only once counts too if it is shaped like a name: the
    alternative would be to put somebody's words into the mouth of the speaker before.
    """
    opened = [(line, found) for line in lines if (found := shape(line)) is not None]
    opened = [(line, found) for line, found in opened if may_speak(without_initials(found.label)[0])]
    pairs = [without_initials(found.label) for _, found in opened]
    introduced = {initials: name for name, initials in pairs if initials is not None}
    counts = Counter(name for name, _ in pairs)
    invited = {word for name in participants for word in (name, name.split()[0])}
    known = {label for label, times in counts.items() if times > 1 or label in invited}
    known |= _clocked(lines, opened) | set(introduced) | set(introduced.values())
    spoken = sum(times for label, times in counts.items() if label in known)
    named = sum(times for label, times in counts.items() if label in known or is_name_like(label))
    filled = sum(1 for line in lines if line.strip())
    dense = spoken >= _DENSE_SHARE * filled or (named == filled and len(counts) > 1)
    return Speakers(frozenset(known), introduced, any_name=dense)


def _clocked(lines: Sequence[str], opened: Sequence[tuple[str, Shape]]) -> set[str]:
    """Labels with a time: after the name, where it looks like one; before it, where most timed lines have a label."""
    before = [found.label for line, found in opened if timed(line.strip())[0] is not None]
    every = sum(1 for line in lines if timed(line.strip())[0] is not None)
    labels = {found.label for _, found in opened if found.start_ms is not None and is_name_like(found.label)}
    if len(before) >= _DENSE_SHARE * every:
        return labels | set(before)
    return labels - set(before)


def _shape(label: str, start_ms: int | None, rest: str) -> Shape | None:
    label = " ".join(label.split())
    words = rest.strip()
    alone = _TIME_ONLY.match(words)
    if alone is not None:
        start_ms, words = milliseconds(alone[1]), ""
    return Shape(label, start_ms, words) if label else None
