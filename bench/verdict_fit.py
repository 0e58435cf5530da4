"""The relevance of a decision, fitted: logistic regression in NumPy, and a threshold, from training folds alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from embed_corpus import FOLDS, fold_of
from verdict_cases import Case

Floats = npt.NDArray[np.float64]

PENALTY = 3.0  # of squared weights of standardised features; 0.3 gives the same within a hundredth
NEGATIVES = 3  # candidates of a question that none answers that are learned from: the ones held likeliest before
LOST = 0.06  # of answerable questions, the sources weighing as in `weights`
_OWN = 6.0  # times a source: our own questions alone were not made of the records' words
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of features as they are, and from which value on (before the logistic curve) a decision answers."""

    weights: Floats
    intercept: float
    threshold: float

    def best(self, case: Case) -> float:
        """The highest value of a case's candidates."""
        if not case.candidates:
            return -np.inf
        rows = np.array([one.features for one in case.candidates])
        return float((rows @ self.weights).max() + self.intercept)


def held_out(cases: Sequence[Case]) -> list[bool]:
    """Whether each case is answered, by weights and a threshold fitted without its document's fold."""
    folds = np.array([fold_of(case.group) for case in cases])
    answered = np.zeros(len(cases), dtype=bool)
    for fold in range(FOLDS):
        model = fitted([case for case, of in zip(cases, folds, strict=True) if of != fold])
        for at in np.flatnonzero(folds == fold):
            answered[at] = model.best(cases[at]) >= model.threshold
    return answered.tolist()


def by_score(cases: Sequence[Case], scores: Sequence[float]) -> list[bool]:
    """Whether each case is answered by one score alone, with a threshold from the other folds."""
    folds, values = np.array([fold_of(case.group) for case in cases]), np.array(scores)
    answered = np.zeros(len(cases), dtype=bool)
    for fold in range(FOLDS):
        known = folds != fold
        threshold = _threshold([case for case, of in zip(cases, known, strict=True) if of], values[known])
        answered[~known] = values[~known] >= threshold
    return answered.tolist()


def fitted(cases: Sequence[Case]) -> Fitted:
    """Weights and threshold from these cases."""
    weighed = weights(cases)
    rows: list[Sequence[float]] = []
    right: list[float] = []
    worth: list[float] = []
    for case, weight in zip(cases, weighed, strict=True):
        best = sorted(case.candidates, key=lambda one: -one.likely)
        chosen = [one for one in best if one.is_right][:1] if case.is_answerable else best[:NEGATIVES]
        rows += [one.features for one in chosen]
        right += [float(case.is_answerable)] * len(chosen)
        worth += [weight / max(1, len(chosen))] * len(chosen)
    learned = _regression(np.array(rows), np.array(right), np.array(worth))
    model = Fitted(learned[:-1], float(learned[-1]), 0.0)
    return Fitted(model.weights, model.intercept, _threshold(cases, np.array([model.best(case) for case in cases])))


def weights(cases: Sequence[Case]) -> list[float]:
    """Every source of questions weighs the same in each condition, ours more; answerable ones as much as the others."""
    sizes = Counter((case.source, case.condition) for case in cases)
    raw = [(_OWN if case.source == "our own" else 1.0) / sizes[case.source, case.condition] for case in cases]
    total = {
        kind: sum(weight for case, weight in zip(cases, raw, strict=True) if case.is_answerable is kind)
        for kind in (True, False)
    }
    return [weight / total[case.is_answerable] for case, weight in zip(cases, raw, strict=True)]


def _threshold(cases: Sequence[Case], values: Floats) -> float:
    """The value below which LOST of the answerable cases lie, by weight."""
    pairs = [
        (value, weight)
        for case, value, weight in zip(cases, values.tolist(), weights(cases), strict=True)
        if case.is_answerable
    ]
    lost, total = 0.0, sum(weight for _, weight in pairs)
    for value, weight in sorted(pairs):
        lost += weight / total
        if lost > LOST:
            return float(value)
    return float("inf")


def _regression(rows: Floats, right: Floats, worth: Floats) -> Floats:
    """Weights of the columns as they are, and the intercept, by Newton's steps."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    columns = np.column_stack([(rows - mean) / spread, np.ones(len(rows))])
    worth = worth / worth.mean()
    ridge = PENALTY * np.append(np.ones(rows.shape[1]), 1e-9)
    found = np.zeros(columns.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-columns @ found))
        slope = columns.T @ (worth * (chance - right)) + ridge * found
        curve = (columns * (worth * chance * (1 - chance))[:, None]).T @ columns + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        found -= step
        if np.abs(step).max() < 1e-8:
            break
    plain = found[:-1] / spread
    return np.append(plain, found[-1] - plain @ mean)
