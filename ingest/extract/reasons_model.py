"""Which clauses around a choice give its reason: a linear model over `reasons_features`, then trees over the context.

The linear score of a clause says what it is and where it stands; boosted trees (`detect_model.Trees`) judge it among
the clauses around it (`reasons_context`). NumPy alone. The weights are a file beside this module; their card is
`model/reasons.md`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load

from ingest.extract.because import CLAUSE_OF_REASON
from ingest.extract.detect_model import Trees
from ingest.extract.reasons_clauses import Clause, Clauses, are_side_by_side, span_of
from ingest.extract.reasons_context import Scored, table
from ingest.extract.reasons_features import Anchor, anchor_of, shape_of, standing_of, words_of
from ingest.records import Span

WORDS_SCALE, PLACE_SCALE = 2.0, 0.3
"""Length of the block of words; weight of every other feature. Chosen with the model's other settings."""
CUT, FURTHER_CUT = -1.0, -0.5
"""Log odds above which a clause is a reason, and beside a likelier one another; the card says what they give. One half
would be 0."""
_OPENS_OTHERWISE = re.compile(r"(?:since|as)\s", re.IGNORECASE)
"""What opens so is a time ("since the last release") or a manner ("as discussed") unless a clause follows."""
_BESIDE = 1.5
"""A neighbouring clause of the same sentence belongs to the reason when it scores at most this much less."""


@dataclass(frozen=True, slots=True)
class Linear:
    """For each word its rarity and coefficient, for each other feature its coefficient."""

    words: Mapping[str, tuple[float, float]]
    places: Mapping[str, float]
    intercept: float

    def of_itself(self, clause: Clause) -> float:
        """The part of a clause's score that is the same for every choice."""
        met = list(filter(None, map(self.words.get, words_of(clause))))
        length = math.sqrt(sum([rarity * rarity for rarity, _ in met]))
        own = WORDS_SCALE * sum([rarity * weight for rarity, weight in met]) / length if met else 0.0
        return self.intercept + own + self._of(shape_of(clause))

    def standing(self, clause: Clause, anchor: Anchor, clauses: Clauses) -> float:
        """The part that depends on the choice."""
        return self._of(standing_of(clause, anchor, clauses.session))

    def _of(self, features: Sequence[str]) -> float:
        return PLACE_SCALE * sum(filter(None, map(self.places.get, features)))


@dataclass(frozen=True, slots=True)
class ReasonModel:
    """The linear model and the trees over its scores."""

    linear: Linear
    trees: Trees


@dataclass(frozen=True, slots=True)
class Reasons:
    """Looks for the reasons of choices in one session; a clause's own score is computed once."""

    clauses: Clauses
    model: ReasonModel
    _own: dict[tuple[int, int, int], float] = field(default_factory=dict)

    def of(self, choice: Sequence[Span], cut: float = CUT, further: float = FURTHER_CUT) -> list[Span]:
        """The clause that scores highest, above `cut`, and others above `further`, with those that belong to them."""
        anchor = anchor_of(choice, self.clauses)
        near = self.clauses.around(anchor.spans)
        scores = self._scores(near, anchor)
        found: list[Span] = []
        taken: set[int] = set()
        for place in sorted(range(len(near)), key=lambda one: -scores[one]):
            if scores[place] <= (further if found else cut):
                break
            if place not in taken:
                first, last = _run(near, scores, place)
                taken.update(range(first, last + 1))
                found.append(span_of(near[first], near[last], self.clauses.session))
        return found

    def _scores(self, near: Sequence[Clause], anchor: Anchor) -> list[float]:
        """The log odds of each clause."""
        if not near:
            return []
        own = [self._of_itself(clause) for clause in near]
        standing = [self.model.linear.standing(clause, anchor, self.clauses) for clause in near]
        seen = table(Scored(near, own, standing), anchor, self.clauses.session)
        told = self.model.trees.predict(seen).tolist()
        return [-math.inf if _is_otherwise(clause) else score for clause, score in zip(near, told, strict=True)]

    def _of_itself(self, clause: Clause) -> float:
        own = self._own.get(clause.key)
        if own is None:
            own = self._own[clause.key] = self.model.linear.of_itself(clause)
        return own


def _is_otherwise(clause: Clause) -> bool:
    """Whether it opens as a reason may but is a time or a manner."""
    return bool(_OPENS_OTHERWISE.match(clause.text)) and not CLAUSE_OF_REASON.match(f", {clause.text}", 2)


def _run(clauses: Sequence[Clause], scores: Sequence[float], place: int) -> tuple[int, int]:
    """The first and last of the clauses around one that belong to the same reason."""
    first = last = place
    least = scores[place] - _BESIDE
    while last + 1 < len(clauses) and scores[last + 1] > least and are_side_by_side(clauses[last], clauses[last + 1]):
        last += 1
    while first > 0 and scores[first - 1] > least and are_side_by_side(clauses[first - 1], clauses[first]):
        first -= 1
    return first, last


def linear_model(tensors: Mapping[str, npt.NDArray[np.generic]]) -> Linear:
    """The linear model in the tensors of a weights file.

    They are `words` and `places` (UTF-8 text, a feature a line), `rarity`, `word_weights`, `place_weights` and
    `intercept`.
    """
    words, places = (tensors[name].tobytes().decode("utf-8").split("\n") for name in ("words", "places"))
    rarity, word_weights, place_weights = (
        tensors[name].astype(np.float64).tolist() for name in ("rarity", "word_weights", "place_weights")
    )
    return Linear(
        dict(zip(words, zip(rarity, word_weights, strict=True), strict=True)),
        dict(zip(places, place_weights, strict=True)),
        float(tensors["intercept"].astype(np.float64)[0]),
    )


def reason_model(content: bytes) -> ReasonModel:
    """A model from the content of a weights file: the tensors of `linear_model`, and the four parts of `Trees`."""
    tensors = load(content)
    threshold, value = (tensors[name].astype(np.float32) for name in ("threshold", "value"))
    feature, mask = tensors["feature"].astype(np.int32), tensors["mask"].astype(np.uint16)
    return ReasonModel(linear_model(tensors), Trees(feature, threshold, mask, value))


@cache
def bundled() -> ReasonModel:
    """The model that comes with the product."""
    return reason_model((files("ingest.extract") / "model" / "reasons.safetensors").read_bytes())
