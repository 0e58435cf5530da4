"""What a sentence does in a discussion: raises an issue, offers an alternative, argues for, argues against, decides.

A linear model over `sentence_features` and `valence_counts`, read with NumPy alone; the weights are a file beside this
module, their card is `sentence_types.md`. It knows sentences of software work in English; of others it says little.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load
from sentence_features import BLOCKS
from valence import valence_counts

TYPES = ("issue", "alternative", "rationale", "objection", "decision")
WEIGHTS = Path(__file__).with_suffix(".safetensors")
TEXT_LIMIT_CHARS = 2_000  # the rest of a longer text is not looked at: no sentence is longer
COUNTS_SCALE = 0.4
"""Weight of the valence counts beside the four blocks of length 1; chosen with the other settings of the model."""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SentenceModel:
    """The rows of each block's features, their rarity, and the coefficients; counts come after features."""

    rows: Mapping[str, Mapping[str, int]]
    rarity: FloatArray
    coefficients: FloatArray
    """(features + counts, 6): the sixth class is a sentence that does none of the five."""
    intercept: FloatArray

    def probabilities(self, text: str) -> FloatArray:
        """Six probabilities that sum to 1: the five of `TYPES`, then none of them."""
        shown = text[:TEXT_LIMIT_CHARS]
        counts = np.array(valence_counts(shown)) * COUNTS_SCALE
        scores = self.intercept + counts @ self.coefficients[len(self.rarity) :]
        for block, features in BLOCKS.items():
            scores = scores + self._block_scores(self.rows[block], features(shown))
        powers = np.exp(scores - scores.max())
        return np.asarray(powers / powers.sum(), dtype=np.float64)

    def _block_scores(self, rows: Mapping[str, int], features: Sequence[str]) -> FloatArray:
        met = Counter(row for feature in features if (row := rows.get(feature)) is not None)
        if not met:
            return np.zeros(len(self.intercept))
        places = np.fromiter(met, dtype=np.intp)
        weights = np.array([1 + math.log(count) for count in met.values()]) * self.rarity[places]
        return np.asarray((weights / np.linalg.norm(weights)) @ self.coefficients[places], dtype=np.float64)


def sentence_types(texts: Sequence[str]) -> FloatArray:
    """How likely each sentence is of each type.

    Shape: (len(texts), 5), columns as in `TYPES`; a row sums to less than 1, the rest is "none of them".
    """
    model = _bundled()
    rows = [model.probabilities(text)[: len(TYPES)] for text in texts]
    return np.array(rows, dtype=np.float64).reshape(len(texts), len(TYPES))


def sentence_model(content: bytes) -> SentenceModel:
    """A model from the content of a weights file.

    It holds `features` (UTF-8 text, a feature a line, its block's letter first), `rarity`, `coefficients`, `intercept`.
    """
    tensors = load(content)
    rows: dict[str, dict[str, int]] = {block: {} for block in BLOCKS}
    for row, line in enumerate(tensors["features"].tobytes().decode("utf-8").split("\n")):
        rows[line[0]][line[1:]] = row
    rarity, coefficients, intercept = (
        tensors[name].astype(np.float64) for name in ("rarity", "coefficients", "intercept")
    )
    return SentenceModel(rows, rarity, coefficients, intercept)


@cache
def _bundled() -> SentenceModel:
    return sentence_model(WEIGHTS.read_bytes())
