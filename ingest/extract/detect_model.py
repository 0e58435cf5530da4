"""The learned part: weights of words, boosted trees over them, a calibration; evaluated with NumPy alone.

Weights are `model/detector.npz`, written by `bench/train_detector.py`; the card beside them says where they come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from threading import Lock

import numpy as np
import numpy.typing as npt

from ingest.extract.detect_exchange import exchange
from ingest.extract.detect_features import features, mean_around, sum_between
from ingest.extract.detect_ngrams import Bag, Floats, bags
from ingest.extract.detect_plain import in_view, weighed
from ingest.extract.detect_plain_context import table
from ingest.extract.detect_units import Unit
from ingest.extract.detect_views import Framed, framed, scored
from ingest.records import Cue, Session

_SMOOTHED = (1, 3, 7, 20)
MOST_LEAVES = 16
_ALL = np.uint16(0xFFFF)
_ROWS_AT_ONCE = 1_024
_WORDS_SHARE = 0.4
"""Shares from 0.3 to 0.7 find about as much in unseen agent sessions."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Linear weights of one head: for the sentence itself, and for the words around it.

    `own`: (2^SEQUENCE_BITS, a + 1); `around`: (2^WORD_BITS, b + 1). The last column of each is the squared weight by
    which a text's length is taken out. `reaches`: for each column of `around` the rows (before, after) that count.
    """

    own: npt.NDArray[np.floating]
    around: npt.NDArray[np.floating]
    reaches: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Trees:
    """Boosted regression trees of at most MOST_LEAVES leaves, by the splits of each: shape (trees, splits).

    Where a row's `feature` is above the `threshold` of a split, the leaves left of it are out: `mask` has the bits of
    those that stay, the first leaf's lowest. The first leaf left is the row's, its `value` (trees, leaves) counts
    (Lucchese et al. 2015, QuickScorer). Rows of fewer splits are filled up with thresholds nothing is above.
    """

    feature: npt.NDArray[np.int32]
    threshold: Floats
    mask: npt.NDArray[np.uint16]
    value: Floats

    def predict(self, table: Floats) -> Floats:
        """The sum of all trees' values for each row. Shape: (rows,)."""
        parts = [self._predict(table[at : at + _ROWS_AT_ONCE]) for at in range(0, len(table), _ROWS_AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)

    def _predict(self, table: Floats) -> Floats:
        columns = np.ascontiguousarray(table.T)
        left = np.full((len(self.feature), len(table)), _ALL, dtype=np.uint16)
        for split in range(self.feature.shape[1]):
            is_above = columns[self.feature[:, split]] > self.threshold[:, split, None]
            left &= self.mask[:, split, None] | (is_above - np.uint16(1))  # 1 - 1 has no bit, 0 - 1 has all
        first = np.arange(0, self.value.size, self.value.shape[1])[:, None]
        values: Floats = self.value.take(first + _lowest_bit()[left])
        return np.asarray(values.sum(axis=0, dtype=np.float64), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Head:
    """One learned judge: its linear weights and its trees."""

    weights: Weights
    trees: Trees


@dataclass(frozen=True, slots=True)
class AgentHead:
    """The judge of agent sessions: the weights of all that is in view of a sentence, and trees over what they say.

    `seen`: (2^VIEW_BITS, 2), as `detect_views.scored` reads it.
    """

    seen: npt.NDArray[np.floating]
    trees: Trees


@dataclass(frozen=True, slots=True)
class PlainHead:
    """The judge of plain talk: the weights of what is in view of a sentence, and trees over what they say.

    `seen`: (2^PLAIN_BITS, 2), as `detect_plain.weighed` reads it.
    """

    seen: npt.NDArray[np.floating]
    offset: float
    trees: Trees


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt scaling: log-odds times `slope` plus `offset` are the log-odds that hold on unseen sessions."""

    slope: float
    offset: float


@dataclass(frozen=True, slots=True)
class Detector:
    """The judges, and how far each may be believed.

    By kind of session (`thread`: any other), `stretch`, `plain` and `plain_agent`.
    """

    statement: Head
    stretch: Head
    agent: AgentHead
    plain: PlainHead
    calibrations: Mapping[str, Calibration]


def linear_scores(found: tuple[Bag, Bag], weights: Weights) -> Floats:
    """What the words of each sentence and of those around it say. Shape: (sentences, columns of both tables - 2)."""
    words, sequences = found
    own = sequences.sums(weights.own)
    near = words.sums(weights.around)
    columns = [own[:, :-1] / np.sqrt(np.maximum(own[:, -1:], 1e-6))]
    for column, (before, after) in enumerate(weights.reaches):
        length = sum_between(near[:, -1:], before, after)
        columns.append(sum_between(near[:, column : column + 1], before, after) / np.sqrt(np.maximum(length, 1e-6)))
    return np.hstack(columns).astype(np.float32)


def rows(known: Floats, scores: Floats) -> Floats:
    """All that the trees are asked about: features, scores, and the scores against those around and in the session."""
    level = (scores - scores.mean(axis=0)) / (scores.std(axis=0) + 1e-6)
    near = [mean_around(scores, radius) for radius in _SMOOTHED]
    ranked = [_rank(mean_around(scores, 3)), _rank(scores)]
    return np.hstack([known, scores, level, *near, *ranked]).astype(np.float32)


def _rank(scores: Floats) -> Floats:
    """Each value's place in its column from 0 (lowest) to 1; equal values in the order they stand."""
    order = np.argsort(np.argsort(scores, axis=0, kind="stable"), axis=0, kind="stable")
    return (order / max(1, len(scores) - 1)).astype(np.float32)


def judge(session: Session, units: Sequence[Unit], *heads: Head) -> tuple[Floats, ...]:
    """By each head the log-odds that a sentence states a decision, not yet calibrated. Shape of each: (len(units),)."""
    if not units:
        return tuple(np.zeros(0, dtype=np.float32) for _ in heads)
    known, words = features(session, units), bags([unit.text for unit in units])
    scores = (linear_scores(words, head.weights) for head in heads)
    return tuple(head.trees.predict(rows(known, one)) for head, one in zip(heads, scores, strict=True))


def judge_agent(session: Session, units: Sequence[Unit], cues: Sequence[Cue], head: AgentHead) -> Floats:
    """The log-odds that a sentence of an agent session states a decision, not yet calibrated. Shape: (len(units),)."""
    if not units:
        return np.zeros(0, dtype=np.float32)
    found, known = known_of(session, units, cues)
    return mixed(known, scored(found, head.seen), head.trees)


def known_of(session: Session, units: Sequence[Unit], cues: Sequence[Cue]) -> tuple[Framed, Floats]:
    """What is in view of each sentence of an agent session, and all its features. Shape: (len(units), about 150)."""
    found = framed(session, units)
    known = np.hstack([features(session, units), exchange(session, units, found.words[1], cues)])
    return found, known.astype(np.float32)


def mixed(known: Floats, told: Floats, trees: Trees) -> Floats:
    """What the words in view say, and what trees make of it among the features: the one errs where the other is right.

    Shape: that of `told`, one number a sentence.
    """
    both: Floats = _WORDS_SHARE * told + (1 - _WORDS_SHARE) * trees.predict(rows(known, told[:, None]))
    return both.astype(np.float32)


def judge_plain(session: Session, units: Sequence[Unit], head: PlainHead) -> Floats:
    """The log-odds that a sentence of plain talk states a decision, not yet calibrated. Shape: (len(units),)."""
    if not units:
        return np.zeros(0, dtype=np.float32)
    told = weighed(in_view(session, units), head.seen, head.offset)
    return mixed_plain(table(session, units, told), head.trees)


def mixed_plain(known: Floats, trees: Trees) -> Floats:
    """The mean of what is in view and of what trees make of it; `known`: as `detect_plain_context.table` makes it.

    Shape: (rows,).
    """
    return np.asarray((known[:, 0] + trees.predict(known)) / 2, dtype=np.float32)


def bundled() -> Detector:
    """The judges inside the package, read once per process, at the first call."""
    with _LOADING:
        return _bundled()


def arrays(detector: Detector) -> dict[str, npt.NDArray[np.generic]]:
    """A detector as named arrays, as they are stored: half precision for the words' weights."""
    out: dict[str, npt.NDArray[np.generic]] = {}
    for name, head in (("statement", detector.statement), ("stretch", detector.stretch)):
        out |= {
            f"{name}.own": head.weights.own.astype(np.float16),
            f"{name}.around": head.weights.around.astype(np.float16),
            f"{name}.reaches": np.array(head.weights.reaches, dtype=np.int8).reshape(-1, 2),
        }
        out |= {f"{name}.{part}": getattr(head.trees, part) for part in _TREE_PARTS}
    out["agent.seen"] = detector.agent.seen.astype(np.float16)
    out |= {f"agent.{part}": getattr(detector.agent.trees, part) for part in _TREE_PARTS}
    out["plain.seen"] = detector.plain.seen.astype(np.float16)
    out["plain.offset"] = np.array([detector.plain.offset])
    out |= {f"plain.{part}": getattr(detector.plain.trees, part) for part in _TREE_PARTS}
    for kind, one in detector.calibrations.items():
        out[f"calibration.{kind}"] = np.array([one.slope, one.offset], dtype=np.float64)
    return out


def from_arrays(stored: Mapping[str, npt.NDArray[np.generic]]) -> Detector:
    """The detector that `arrays` made the arrays of."""
    heads = {name: _head(stored, name) for name in ("statement", "stretch")}
    named = {name.removeprefix("calibration."): one for name, one in stored.items() if name.startswith("calibration.")}
    told = {kind: Calibration(float(values[0]), float(values[1])) for kind, values in named.items()}
    agent = AgentHead(stored["agent.seen"].astype(np.float32), _trees(stored, "agent"))
    seen, offset = stored["plain.seen"].astype(np.float32), float(stored["plain.offset"][0])
    plain = PlainHead(seen, offset, _trees(stored, "plain"))
    return Detector(heads["statement"], heads["stretch"], agent, plain, told)


_TREE_PARTS = ("feature", "threshold", "mask", "value")
_LOADING = Lock()


def _head(stored: Mapping[str, npt.NDArray[np.generic]], name: str) -> Head:
    reaches = tuple((int(before), int(after)) for before, after in stored[f"{name}.reaches"])
    own, around = (stored[f"{name}.{part}"].astype(np.float32) for part in ("own", "around"))
    return Head(Weights(own, around, reaches), _trees(stored, name))


def _trees(stored: Mapping[str, npt.NDArray[np.generic]], name: str) -> Trees:
    threshold, value = (stored[f"{name}.{part}"].astype(np.float32) for part in ("threshold", "value"))
    feature, mask = stored[f"{name}.feature"].astype(np.int32), stored[f"{name}.mask"].astype(np.uint16)
    return Trees(feature, threshold, mask, value)


@cache
def _lowest_bit() -> npt.NDArray[np.int8]:
    """The position of the lowest set bit of each 16-bit number."""
    every = np.arange(1 << MOST_LEAVES)
    return np.where(every, np.log2(np.maximum(every & -every, 1)), 0).astype(np.int8)


@cache
def _bundled() -> Detector:
    with as_file(files("ingest.extract") / "model" / "detector.npz") as path, np.load(path) as stored:
        return from_arrays({name: stored[name] for name in stored.files})
