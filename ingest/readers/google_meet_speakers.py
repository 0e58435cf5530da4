"""Part of the google_meet reader: which labels speak, and where a line changes hands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.turns import is_name_like, may_speak

_LABEL = re.compile(r"^(?P<bold>\*\*)?(?P<label>[^:*\n]{1,60}?):(?(bold)\*\*)(?:\s+|$)")
_LOST = re.compile(r"(?:\*\*)?:(?:\*\*)?\s")
_ENDING = 3
_PRESENTS = re.compile(r"['’]s Presentation$")


@dataclass(frozen=True, slots=True)
class Speakers:
    """The labels of a file that are speakers."""

    names: frozenset[str]
    lengths: tuple[int, ...]
    """Of the names, longest first."""
    endings: frozenset[str]
    """The last letters of the names: nearly every colon inside a line is dismissed by them."""

    def cut(self, line: str) -> Iterator[tuple[str | None, str]]:
        """(speaker, words) of each turn in a line; the first has no speaker where the line goes on with a turn."""
        opening = _LABEL.match(line)
        speaker: str | None = None
        at = 0
        if opening is not None and opening["label"].strip() in self.names:
            speaker, at = opening["label"].strip(), opening.end()
        begins = True
        for lost in _LOST.finditer(line, at):
            name = self._ends_at(line, at, lost.start())
            if name is not None:
                words = line[at : lost.start() - len(name)].rstrip("* ")
                if words or begins:
                    yield speaker, words
                speaker, at, begins = name, lost.end(), False
        yield speaker, line[at:].strip()

    def _ends_at(self, line: str, start: int, end: int) -> str | None:
        """The known name that ends at `end`: glued to the word before it, or of two words and more."""
        if line[max(start, end - _ENDING) : end] not in self.endings:
            return None
        for length in self.lengths:
            name = line[max(start, end - length) : end]
            if name in self.names and end - length > start:
                return name if " " in name or not line[end - length - 1].isspace() else None
        return None


def speakers(lines: Sequence[str], invited: Iterable[str]) -> Speakers:
    """The labels that open lines and recur, are invited, or look like a name."""
    found = Counter(match["label"].strip() for line in lines if (match := _LABEL.match(line)))
    guests = {guest.casefold() for guest in invited}
    names = {
        label
        for label, times in found.items()
        if label.casefold() in guests
        or (may_speak(label) and (times > 1 or is_name_like(label) or _PRESENTS.search(label)))
    }
    lengths = sorted({len(name) for name in names}, reverse=True)
    return Speakers(frozenset(names), tuple(lengths), frozenset(name[-_ENDING:] for name in names))
