"""Part of the vtt reader: who says what in a cue's payload.

Speakers come from `<v Name>` tags (WebVTT) or from conventions in the words: `Name: text` (Zoom, most SRT),
`[NAME] text`, `(Name) text`, and `- text` or `>> text` for a change of an unnamed speaker.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

from ingest.text import normalise

_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,200})?(?:\s([^<>]{0,300}))?>|</v>")
_TAG = re.compile(r"</?(?:c|i|b|u|s|v|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|<[\d:.]+>|\{\\[^{}]*\}", re.IGNORECASE)
_KARAOKE = re.compile(r"<(?:\d+:)?\d{2}:\d{2}\.\d{3}>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_CHANGE = re.compile(r"^(?:>>+\s*|[-–](?:\s+|(?=[^\W\d_])))")
_LABEL = re.compile(r"^([^<>]{1,80}?):(?:\s+|$)")
_BRACKETED = re.compile(r"^[\[(]([^\[\]()]{1,60})[\])]:?\s+(?=\S)")
_ASIDE = re.compile(r"[\[(]([^\[\]()]*)[\])]|♪")
_SOUND = re.compile(
    r"\b(?:music|applause|laugh\w*|chuckl\w*|silence|inaudible|unintelligible|crosstalk|noise|cough\w*|sigh\w*|beep\w*|"
    r"static|cheer\w*|no audio|blank_audio)\b",
    re.IGNORECASE,
)
_NOT_NAME = re.compile(
    r"(?:notes?|q|a|todo|fixme|https?|ftp|mailto|question|answer|example|warning|tip|hint|ps|update|edit|re|fwd|fyi|"
    r"agenda|date|time|topic|step|option)$",
    re.IGNORECASE,
)
_UNKNOWN = frozenset({"unknown", "unknown speaker"})
_DENSE_SHARE = 0.8
"""Zoom prefixes every cue (62,215 of 62,215 seen); below this share a label must recur and look like a name."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What one speaker says in a cue: clean lines, none of them blank. No speaker where no tag names one."""

    speaker: str | None
    lines: tuple[str, ...]


def voices(payload: str) -> tuple[Voice, ...]:
    """The voices of a cue in order, tags and karaoke times stripped, entities decoded, white space folded."""
    found: list[Voice] = []
    speaker: str | None = None
    at = 0
    for match in [*_VOICE.finditer(payload), None]:
        lines = _clean(payload[at : match.start() if match else len(payload)])
        if lines:
            found.append(Voice(speaker, lines))
        if match is not None:
            speaker, at = _name(match[1] or ""), match.end()
    return tuple(found)


def is_karaoke(payload: str) -> bool:
    """Whether the payload has times inside its words, as YouTube's automatic captions do."""
    return _KARAOKE.search(payload) is not None


def rolls(cues: Sequence[Sequence[str]]) -> bool:
    """Whether most cues of several lines begin with the line that ended the cue before, three times or more."""
    pairs = [(before, after) for before, after in pairwise(cues) if before and len(after) > 1]
    repeats = sum(before[-1] == after[0] for before, after in pairs)
    return repeats >= 3 and repeats * 2 >= len(pairs)


def without_repeat(before: Sequence[str], lines: Sequence[str]) -> tuple[str, ...]:
    """The lines less those at their start that the previous cue already ended with."""
    for size in range(min(len(before), len(lines)), 0, -1):
        if tuple(before[-size:]) == tuple(lines[:size]):
            return tuple(lines[size:])
    return tuple(lines)


def is_sound(lines: Iterable[str]) -> bool:
    """Whether the cue only describes a sound: `[Music]`, `(laughs)`, notes of music."""
    text = " ".join(lines)
    asides = [match[1] for match in _ASIDE.finditer(text)]
    return bool(asides) and not _ASIDE.sub("", text).strip() and all(a is None or _SOUND.search(a) for a in asides)


def labels(cues: Iterable[Sequence[str]]) -> frozenset[str]:
    """The `Name` labels of a file: on nearly every cue (then any prefix), else recurring prefixes shaped like a name.

    Bracketed labels must always recur and be shaped like a name, so that `[Music]` is none.
    """
    openings: list[str] = []
    plain: Counter[str] = Counter()
    bracketed: Counter[str] = Counter()
    first_labels: set[str] = set()
    for lines in cues:
        for position, line in enumerate(lines):
            rest = _CHANGE.sub("", line)
            label = _prefix(_LABEL, rest)
            plain.update([label] if label else [])
            aside = _prefix(_BRACKETED, rest)
            bracketed.update([aside] if aside else [])
            if position == 0:
                openings.append(label or "")
                first_labels.update([label] if label else [])
    dense = sum(map(bool, openings)) >= _DENSE_SHARE * len(openings)
    free = first_labels if dense and len(openings) >= 3 else set()
    certain = {label for label in first_labels if dense and _is_name_like(label)}
    recurring = {label for label, times in plain.items() if times > 1 and _is_name_like(label)}
    named = {label for label, times in bracketed.items() if times > 1 and _is_name_like(label)}
    return frozenset(free | certain | recurring | {label for label in named if not _SOUND.search(label)})


def turns(lines: Sequence[str], known: frozenset[str]) -> Iterator[tuple[str | None, str]]:
    """(speaker, words) of each turn in the untagged lines of one cue; continuation lines are joined by a space."""
    found: list[tuple[str | None, list[str]]] = []
    for line in lines:
        rest = _CHANGE.sub("", line)
        speaker, words = _labelled(rest, known)
        if not found or speaker is not None or rest != line:
            found.append((speaker, []))
        found[-1][1].append(words)
    for speaker, parts in found:
        words = " ".join(part for part in parts if part)
        if words:
            yield None if speaker is None else _name(speaker), words


def _labelled(line: str, known: frozenset[str]) -> tuple[str | None, str]:
    for pattern in (_LABEL, _BRACKETED):
        match = pattern.match(line)
        if match is not None and _fold(match[1]) in known:
            return _fold(match[1]), line[match.end() :].strip()
    return None, line


def _prefix(pattern: re.Pattern[str], line: str) -> str | None:
    match = pattern.match(line)
    label = _fold(match[1]) if match else ""
    return None if _NOT_NAME.match(label) or "://" in label else label or None


def _is_name_like(label: str) -> bool:
    words = label.split()
    if len(label) > 60 or len(words) > 6 or re.search(r"[?!;,\"“”=]", label):
        return False
    capital = sum(not word[0].islower() for word in words)
    return words[0][0].isalpha() and not words[0][0].islower() and capital * 2 >= len(words)


def _clean(stretch: str) -> tuple[str, ...]:
    plain = _ENTITY.sub(lambda match: unescape(match[0]), _TAG.sub("", stretch))
    lines = (_fold(line) for line in normalise(plain).split("\n"))
    return tuple(line for line in lines if line)


def _name(written: str) -> str | None:
    name = _fold(normalise(_ENTITY.sub(lambda match: unescape(match[0]), written)))
    return None if not name or name.casefold() in _UNKNOWN else name


def _fold(text: str) -> str:
    return " ".join(text.split())
