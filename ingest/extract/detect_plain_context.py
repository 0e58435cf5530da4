"""What the judge of plain talk sees of a sentence beside its own score: the scores around it, and how others answer.

What settles something stands out from the sentences around it, and others say yes to it or go on. Only what is near
counts: a decision is not likelier for being one of few in a short talk. Shared by training (`bench/train_plain.py`)
and by `detect_plain`, so that both see the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ingest.extract.detect_features import mean_around
from ingest.extract.detect_ngrams import Floats
from ingest.extract.detect_plain import are_alike, assents, dissents, turns_of
from ingest.extract.detect_units import Unit
from ingest.records import Session, Utterance

_NONE = -9.0
"""Stands for the score of a sentence that is not there: lower than nearly all."""
_WINDOW = 15
"""Sentences on either side that a sentence is ranked among."""
_BESIDE = 3
"""Sentences, and turns, on either side whose scores are shown one by one."""
_FOLLOWING, _REPLIES = 4, 3
"""Turns after a sentence's own that are looked at, and how many of others' among them."""
_KINDS = {"meeting": 0, "chat": 1, "agent_session": 2}
_OTHER_KIND = 3
Ints = npt.NDArray[np.int64]


def table(session: Session, units: Sequence[Unit], scores: Floats) -> Floats:
    """One row a sentence, of which there is one at least; `scores`: what their words say. Shape: (len(units), 31)."""
    spoken = turns_of(session)
    places = {one.index: at for at, one in enumerate(spoken)}
    turns = np.array([places[one.utterance_index] for one in units], dtype=np.int64)
    told = {at: _told(session, spoken, at) for at in dict.fromkeys(turns.tolist())}
    said = [
        [*told[at], one.position, one.beside, one.words, "?" in one.text, one.text.rstrip().endswith("?")]
        for one, at in zip(units, turns.tolist(), strict=True)
    ]
    around = [_ranked(scores), _by_turn(scores, turns, len(spoken))]
    return np.hstack([*around, np.array(said, dtype=np.float32).reshape(len(units), -1)]).astype(np.float32)


def _ranked(scores: Floats) -> Floats:
    """Each score, how many near it are higher, how far the two highest are, the mean, and the scores beside it."""
    framed = np.pad(scores, _WINDOW, constant_values=_NONE)
    window = np.lib.stride_tricks.sliding_window_view(framed, 2 * _WINDOW + 1)
    highest = np.sort(window, axis=1)[:, -2:]
    beside = [window[:, _WINDOW + step] for step in range(-_BESIDE, _BESIDE + 1) if step]
    higher = (window > scores[:, None]).sum(axis=1)
    mean = mean_around(scores[:, None], _WINDOW)[:, 0]
    return np.column_stack([scores, higher, highest[:, 1] - scores, highest[:, 0] - scores, mean, *beside])


def _by_turn(scores: Floats, turns: Ints, count: int) -> Floats:
    """The highest other score of the sentence's turn, and the highest of the turns before and after."""
    order = np.lexsort((-scores, turns))
    best, second = np.full(count + 2 * _BESIDE, _NONE), np.full(count, _NONE)
    is_first = np.diff(turns[order], prepend=-1) > 0
    best[turns[order[is_first]] + _BESIDE] = scores[order[is_first]]
    following = np.flatnonzero(is_first) + 1
    following = following[following < len(order)]
    runners = order[following[~is_first[following]]]
    second[turns[runners]] = scores[runners]
    is_best = np.zeros(len(scores), dtype=bool)
    is_best[order[is_first]] = True
    other = np.where(is_best, second[turns], best[turns + _BESIDE])
    before = np.max([best[turns + step] for step in range(_BESIDE)], axis=0)
    after = np.max([best[turns + _BESIDE + 1 + step] for step in range(_BESIDE)], axis=0)
    return np.column_stack([other, before, after]).astype(np.float32)


def _told(session: Session, spoken: Sequence[Utterance], at: int) -> list[float]:
    """What is the same for all sentences of a turn: how long it is, what stands before it, and how others answer."""
    mine = spoken[at]
    others = [one for one in spoken[at + 1 : at + 1 + _FOLLOWING] if not are_alike(one, mine)]
    replies = [(assents(one.text), dissents(one.text)) for one in others[:_REPLIES]]
    replies += [(False, False)] * (_REPLIES - len(replies))
    first = others[0].text if others else ""
    return [
        len(mine.text), _KINDS.get(session.kind, _OTHER_KIND), at > 0 and spoken[at - 1].text.rstrip().endswith("?"),
        len(others), len(first), "?" in first, *(float(one) for reply in replies for one in reply),
    ]  # fmt: skip
