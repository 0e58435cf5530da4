"""What the judge of agent sessions has in view of each sentence: its own words, and the words that frame it.

A view is a run of sentences: the sentence itself, the heading above it, the two before and after it, the opening of
the next turn. Words count apart by who says the sentence: "use X" settles more when a person says it to an agent than
when the agent says it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2
from zlib import crc32

import numpy as np
import numpy.typing as npt

from ingest.extract.detect_ngrams import Bag, Floats, Ids, gathered, grams, running
from ingest.extract.detect_units import Unit
from ingest.records import Session

VIEW_BITS = 19
_MIXED = 2_654_435_761
"""Knuth's multiplicative hash: one number of a sequence becomes another one in each view."""
_HEADING = re.compile(r"^\s*(?:#+\s|\*\*[^*\n]+\*\*:?\s*$)|:\s*(?:\*\*)?$")
_UNDER_HEADING = 24
_OPENING = 2
_NOTHING = (0, 0)
Runs = dict[str, tuple[int, int]]
"""`[first, last)` of the sentences in each view, by its name."""


@dataclass(frozen=True, slots=True)
class View:
    """A run of sentences that is read: in sequences of up to `longest` words (0: its place), and how much it counts."""

    name: str
    longest: int
    share: float = 0.5
    is_by_role: bool = True

    def seed(self, *, is_person: bool) -> int:
        """What sets its numbers apart from those of other views, and of what the other side says."""
        return crc32(f"{self.name} {self.is_by_role} {self.is_by_role and is_person}".encode())


VIEWS = (
    View("own", 3, 1.0, is_by_role=False),
    View("own", 2, 1.0),
    View("place", 0, 1.0),
    View("heading", 2),
    View("before", 1),
    View("after", 1),
    View("next turn", 2),
)


@dataclass(frozen=True, slots=True)
class Framed:
    """The sentences of a session as the views see them.

    `words`: places, then the numbered sequences of up to one, two and three words. `runs`: (views, sentences, 2), the
    first sentence in view and the one after the last.
    """

    words: tuple[Bag, Bag, Bag, Bag]
    runs: Ids
    is_person: npt.NDArray[np.bool_]

    def seen(self, number: int) -> Iterator[tuple[Bag, Ids, Ids]]:
        """For each side that speaks: the words as a view numbers them, the side's sentences, and their runs."""
        view = VIEWS[number]
        words = self.words[view.longest]
        for is_person in (True, False) if view.is_by_role else (True,):
            of_side = self.is_person == is_person if view.is_by_role else np.ones_like(self.is_person)
            chosen = np.flatnonzero(of_side)
            if len(chosen):
                told = ((words.ids ^ view.seed(is_person=is_person)) * _MIXED & 0xFFFFFFFF) >> (32 - VIEW_BITS)
                yield Bag(told, words.starts), chosen, self.runs[number, chosen]


def framed(session: Session, units: Sequence[Unit]) -> Framed:
    """A session's sentences with what is in view of each."""
    is_person = np.array([session.utterances[one.utterance_index].role == "person" for one in units], dtype=bool)
    runs = list(_runs(units))
    persons = [one.utterance_index for one, told in zip(units, is_person.tolist(), strict=True) if told]
    bounds = (persons[0], persons[-1]) if persons else (len(session.utterances), -1)
    stands = zip(runs, units, is_person.tolist(), strict=True)
    places = [_places(run, unit, bounds, is_person=told) for run, unit, told in stands]
    table = np.array([[run[view.name] for run in runs] for view in VIEWS], dtype=np.int64)
    words = (gathered(places), *grams([one.text for one in units]))
    return Framed(words, table.reshape(len(VIEWS), len(units), 2), is_person)


def scored(found: Framed, table: npt.NDArray[np.floating]) -> Floats:
    """What all views of each sentence say together. Shape: (sentences,).

    `table`: (2^VIEW_BITS, 2), the weight of each sequence and the square by which a view's length is taken out.
    """
    total = np.zeros(len(found.is_person), dtype=np.float64)
    for number, view in enumerate(VIEWS):
        for words, chosen, runs in found.seen(number):
            sums = running(table[words.ids])[words.starts]
            told = sums[runs[:, 1]] - sums[runs[:, 0]]
            total[chosen] += view.share * told[:, 0] / np.sqrt(np.maximum(told[:, 1], 1e-6))
    return total.astype(np.float32)


def _runs(units: Sequence[Unit]) -> Iterator[Runs]:
    spoken = [one.utterance_index for one in units]
    heading: int | None = None
    for at, unit in enumerate(units):
        following = bisect_right(spoken, unit.utterance_index)
        if unit.position == 0:
            heading = None
        yield {
            "own": (at, at + 1),
            "place": (at, at + 1),
            "heading": _NOTHING if heading is None or at - heading > _UNDER_HEADING else (heading, heading + 1),
            "before": (max(0, at - 2), at),
            "after": (at + 1, min(len(units), at + 3)),
            "next turn": (following, following + _opening(units[following : following + 1])),
        }
        if _HEADING.search(unit.text):
            heading = at


def _opening(turn: Sequence[Unit]) -> int:
    """How many sentences of a turn are its opening; `turn` has the first of them, or none."""
    return min(_OPENING, turn[0].beside) if turn else 0


def _places(run: Runs, unit: Unit, persons: tuple[int, int], *, is_person: bool) -> list[int]:
    """Where a sentence stands, as numbers like those of words; `persons`: the first and last of their utterances."""
    is_led, is_answered = persons[0] < unit.utterance_index, unit.utterance_index < persons[1]
    told = (
        f"first {is_led} {min(3, unit.position)} {unit.position == unit.beside - 1}",
        f"beside {int(log2(unit.beside + 1))}",
        f"words {int(2 * log2(unit.words + 1))}",
        f"answered {is_answered}",
        f"under {run['heading'] != _NOTHING}",
    )
    return [crc32(f"{is_person} {one}".encode()) for one in told]
