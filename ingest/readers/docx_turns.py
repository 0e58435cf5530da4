"""Part of the docx reader: the turns of a transcript told in paragraphs.

Four forms, of which a document follows the one that most of its lines fit:
- `teams`: a line `Name   0:03`, the words on the lines below;
- `arrow`: a line `0:0:0.0 --> 0:0:2.730`, one with the name, then the words (Teams before 2022);
- `clock`: a line `00:00:02 Name`, the words below (Transcribe in Word);
- `named`: `Name: words`, with or without a time before the name or after it (Google Meet, Descript, notes).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ingest.times import milliseconds
from ingest.turns import CLOCK, is_name_like, may_speak, named

_AFTER = re.compile(rf"(?P<name>\S(?:.{{0,78}}\S)?)(?:[^\S\t]{{2,20}}|[^\S\t]?\t\s{{0,20}})(?P<clock>{CLOCK})")
_ARROW = re.compile(r"(\d{1,3}:\d{1,2}:\d{1,2}(?:\.\d{1,7})?)\s{0,3}-->\s{0,3}(\d{1,3}:\d{1,2}:\d{1,2}(?:\.\d{1,7})?)")
_BEFORE = re.compile(r"[\[(]?(?P<clock>(?:\d{1,3}:)?\d{1,2}:\d{2})[\])]?\s{1,20}(?P<name>\S.{0,59})")
_NAMED = re.compile(
    rf"(?:[\[(]?(?P<before>{CLOCK})[\])]?\s{{0,3}}(?:[-–—]\s{{1,3}})?)?[*_]{{0,2}}"
    rf"(?P<name>[^\W\d_][^:\n]{{0,58}}?)\s{{0,3}}(?:[\[(](?P<after>{CLOCK})[\])])?\s{{0,3}}:[*_]{{0,2}}(?:\s+(?P<words>.*))?"
)
_MARKER = re.compile(rf"[\[(]?({CLOCK})[\])]?:?")
NAMED_SHARE = 0.25
"""Turns per line below which a document with a few `Word: …` lines is no transcript; ours, no source."""
DENSE_SHARE = 0.8
"""Share of lines with a known speaker's label from which a document is one turn a line; ours, no source."""
_ENOUGH = 3
_END = re.compile(r"[.!?…,;]$")
_NAME_WORDS = 6
_NOT_SPEAKER = re.compile(
    r"(?:owner|given|then|and|purpose|scope|goals?|figure|table|page|tel|phone|fax|e-?mail|address|total|price|quantity)",
    re.IGNORECASE,
)
"""Labels of letters, specifications and forms, besides those that no transcript has for speakers."""


@dataclass(slots=True)
class Turn:
    """A turn being gathered; `places` are the positions of its blocks."""

    speaker: str | None
    start_ms: int | None
    topic: str | None
    end_ms: int | None = None
    words: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Opening:
    """A line read as the opening of a turn."""

    speaker: str | None
    start_ms: int | None
    words: str = ""
    end_ms: int | None = None
    lines: int = 1
    """How many lines it takes, the name's own among them."""


Opens = Callable[[Sequence[str], int], Opening | None]
"""The opening at a position of the lines, in one form; None where none is."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form that a document follows."""

    name: str
    opens: Opens


def form_of(lines: Sequence[str], invited: Sequence[str], *, told: bool) -> Form | None:
    """The form that most lines fit; None where too few open a turn.

    `told`: the document says that it is a transcript. `invited`: who it says took part.
    """
    labelled = _named_by(lines, invited, told=told)
    forms = (Form("arrow", _arrow), Form("teams", _teams), Form("clock", _clock_by(lines)), Form("named", labelled))
    found = [[opened for at in range(len(lines)) if (opened := form.opens(lines, at)) is not None] for form in forms]
    best = max(range(len(forms)), key=lambda at: len(found[at]))
    form, openings = forms[best], found[best]
    if form.name == "named" and not told and any(opened.start_ms is None for opened in openings):
        many = len(openings) >= _ENOUGH and len({opened.speaker for opened in openings}) > 1
        return form if many and len(openings) >= NAMED_SHARE * len(lines) else None
    return form if len(openings) >= (1 if told or form.name == "arrow" else 2) else None


def marker_ms(line: str) -> int | None:
    """The time of a line that holds nothing else."""
    match = _MARKER.fullmatch(line)
    return milliseconds(match[1]) if match else None


def _teams(lines: Sequence[str], at: int) -> Opening | None:
    match = _AFTER.fullmatch(lines[at])
    if match is None or not any(map(str.isalpha, match["name"])) or match["name"].endswith(":"):
        return None
    return Opening(named(match["name"]), milliseconds(match["clock"]))


def _arrow(lines: Sequence[str], at: int) -> Opening | None:
    match = _ARROW.fullmatch(lines[at])
    if match is None or at + 2 >= len(lines) or _ARROW.fullmatch(lines[at + 1]) or _ARROW.fullmatch(lines[at + 2]):
        return None
    return Opening(named(lines[at + 1][:80]), _loose(match[1]), end_ms=_loose(match[2]), lines=2)


def _loose(clock: str) -> int | None:
    """Milliseconds of a time whose parts may have one digit: `0:0:2.730`."""
    hours, minutes, seconds = clock.split(":")
    whole, _, fraction = seconds.partition(".")
    return milliseconds(f"{hours}:{minutes:0>2}:{whole:0>2}.{(fraction or '0')[:3]}")


def _clock_by(lines: Sequence[str]) -> Opens:
    """`00:00:02 Name`: only labels seen twice, or `Speaker 1`, that look like a name and not like words."""
    found = [match["name"] for line in lines if (match := _BEFORE.fullmatch(line)) and _is_label(match["name"])]
    counts = Counter(found)
    known = {name for name, times in counts.items() if times > 1 or re.fullmatch(r"Speaker \d{1,3}", name)}

    def opens(lines: Sequence[str], at: int) -> Opening | None:
        match = _BEFORE.fullmatch(lines[at])
        if match is None or match["name"] not in known:
            return None
        return Opening(named(match["name"]), milliseconds(match["clock"]))

    return opens


def _named_by(lines: Sequence[str], invited: Sequence[str], *, told: bool) -> Opens:
    """`Name: words`: labels seen twice, invited, or with a time at them.

    One seen once counts as well where it looks like a name and the document is a transcript by its own words (then a
    full name), or nearly every line opens a turn: else somebody's words would go to the speaker before.
    """
    found = [match for line in lines if (match := _NAMED.fullmatch(line)) and _may_speak(_label(match))]
    counts = Counter(_label(match) for match in found)
    timed = {_label(match) for match in found if match["before"] or match["after"]}
    known = {name for name, times in counts.items() if times > 1 or name in invited or name in timed}
    is_dense = sum(counts[name] for name in known) >= DENSE_SHARE * len(lines)
    known |= {name for name in counts if is_name_like(name) and (is_dense or (told and " " in name))}

    def opens(lines: Sequence[str], at: int) -> Opening | None:
        match = _NAMED.fullmatch(lines[at])
        if match is None or _label(match) not in known:
            return None
        clock = match["before"] or match["after"]
        return Opening(named(_label(match)), milliseconds(clock) if clock else None, match["words"] or "")

    return opens


def _label(match: re.Match[str]) -> str:
    return " ".join(match["name"].strip("*_ ").split())


def _may_speak(label: str) -> bool:
    words = label.split()
    if not words or len(words) > _NAME_WORDS or _NOT_SPEAKER.fullmatch(label) or not may_speak(label):
        return False
    return 2 * sum(not word[0].islower() for word in words) > len(words)


def _is_label(words: str) -> bool:
    return _may_speak(words) and not _END.search(words) and ":" not in words
