"""Folds of whole documents, the plain baselines of text classification, and how the figures are printed."""

from __future__ import annotations

import random
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

FOLDS = 5
SEEDS = (0, 1, 2)  # of the folds: each figure is a mean over these, with its spread

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Labels = list[set[str]]


@dataclass(frozen=True, slots=True)
class Split:
    """Places of the training items and of the items to score."""

    train: Places
    test: Places


def folds(keys: Sequence[str], seed: int, count: int = FOLDS) -> list[Split]:
    """`count` splits; items with the same key (their document) are on the same side of each."""
    known = sorted(set(keys))
    random.Random(seed).shuffle(known)
    fold_of = {key: place % count for place, key in enumerate(known)}
    fold = np.array([fold_of[key] for key in keys])
    return [Split(np.flatnonzero(fold != one), np.flatnonzero(fold == one)) for one in range(count)]


def chosen(texts: Sequence[str], places: Places) -> list[str]:
    """The texts at these places."""
    return [texts[place] for place in places]


def by_cue_words(texts: Sequence[str], cues: Mapping[str, str]) -> Labels:
    """Baseline: every label of which a cue word occurs."""
    patterns = {label: re.compile(cue, re.IGNORECASE) for label, cue in cues.items()}
    return [{label for label, pattern in patterns.items() if pattern.search(text)} for text in texts]


def by_plain_model(
    train: Sequence[str], gold: Sequence[set[str]], test: Sequence[str], labels: Sequence[str]
) -> Labels:
    """Baseline: TF-IDF of words and word pairs, one balanced logistic regression a label, cut at one half."""
    weigh = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    known, asked = weigh.fit_transform(train), weigh.transform(test)
    found: Labels = [set() for _ in test]
    for label in labels:
        model = LogisticRegression(class_weight="balanced", solver="liblinear")
        hits = model.fit(known, [label in one for one in gold]).predict(asked)
        for one, hit in zip(found, hits, strict=True):
            if hit:
                one.add(label)
    return found


def best_cut(scores: Floats, is_gold: npt.NDArray[np.bool_]) -> float:
    """The score above which predicting the label has the best F1; take it on training folds only."""
    order = np.argsort(-scores)
    right = np.cumsum(is_gold[order])
    f1 = 2 * right / (np.arange(1, len(order) + 1) + is_gold.sum())
    place = int(np.argmax(f1))
    return float((scores[order[place]] + scores[order[min(place + 1, len(order) - 1)]]) / 2)


class Figures:
    """F1 of each label and their mean, a row per seed, printed as one line."""

    def __init__(self, metrics: ModuleType, labels: Sequence[str]) -> None:
        """Figures of these labels by the definitions in `metrics`."""
        self.metrics, self.labels = metrics, labels
        self.rows: dict[str, list[Mapping[str, float]]] = {}

    def add(self, name: str, gold: Sequence[set[str]], found: Sequence[set[str]]) -> None:
        """One run's result under the name of what was run."""
        self.rows.setdefault(name, []).append(self.metrics.label_f1(gold, found, self.labels))

    def show(self) -> None:
        """One line per name: mean over seeds of the macro-F1, its spread, and each label's F1."""
        for name, runs in self.rows.items():
            macro = [sum(run.values()) / len(self.labels) for run in runs]
            spread = f" ± {statistics.pstdev(macro):.3f}" if len(runs) > 1 else ""
            each = ", ".join(f"{label} {statistics.mean(run[label] for run in runs):.3f}" for label in self.labels)
            print(f"  {name:<44} macro-F1 {statistics.mean(macro):.3f}{spread}  ({each})")
