"""Part of `extract.py`: decisions of the AMI and ICSI meetings that human summaries link to utterances.

Item recall and candidate precision at ten candidates a meeting (`metrics.py`). A series of AMI meetings is in one fold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
import train_detector as training
from detector_data import Document, meetings
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from ingest.extract.detect import over_stretch, peaks
from ingest.extract.detect_model import bundled, judge

CUE_WORDS = re.compile(
    r"\b(?:decided?|decision|agreed?|let's|should|will|go with|we'll|definitely|final)\b", re.IGNORECASE
)
"""The plainest baseline: ten words that announce decisions; the utterances that have most of them come first."""
TOP = 10
Odds = Sequence[np.ndarray]


def report(data: Path, metrics: ModuleType, unseen: Path | None) -> None:
    """Prints recall and precision of ten candidates a meeting, ours beside two baselines."""
    if not (data / "ami_icsi_decisions").is_dir():
        print(f"skipped: meetings: ami_icsi_decisions not in {data}")
        return
    found = [one for one in meetings(data) if one.units]
    if unseen is not None:
        if not (unseen / "ami_icsi_decisions").is_dir():
            print(f"skipped: unseen meetings: ami_icsi_decisions not in {unseen}")
            return
        others = [one for one in meetings(unseen) if one.units]
        print(f"meetings: {len(others)} unseen, learned from {len(found)}")
        shipped = [over_stretch(judge(one.session, one.units, bundled().stretch)[0]) for one in others]
        _lines(others, {"TF-IDF + LR": _learned(found, others), "this detector, as shipped": shipped}, metrics)
        return
    for name, whole in (("AMI series kept whole, ICSI by meeting", True), ("by meeting", False)):
        fold = training.folds(found) if whole else np.arange(len(found)) % training.FOLDS
        print(f"meetings: {len(found)}, five folds, {name}")
        study = training.Study(training.Words(training.made(found), training.MEETING), fold, training.STRETCH)
        _lines(
            found,
            {"TF-IDF + LR": _plain(found, fold), "this detector": [over_stretch(one) for one in study.odds()]},
            metrics,
        )


def _lines(found: Sequence[Document], told: dict[str, Odds], metrics: ModuleType) -> None:
    counts = [np.array([len(CUE_WORDS.findall(unit.text)) for unit in one.units], dtype=np.float32) for one in found]
    for name, odds in {"cue words by count": counts, **told}.items():
        for corpus in sorted({one.corpus for one in found}):
            recall, right = _scored(found, odds, corpus, metrics)
            print(f"  {corpus:<5} {name:<26} recall {recall[0] / recall[1]:.3f} ({recall[0]}/{recall[1]})", end="")
            print(f"  precision {right[0] / max(1, right[1]):.3f} ({right[0]}/{right[1]})")


def _scored(
    found: Sequence[Document], odds: Odds, corpus: str, metrics: ModuleType
) -> tuple[tuple[int, int], tuple[int, int]]:
    recall, right = np.zeros(2, int), np.zeros(2, int)
    for document, one in zip(found, odds, strict=True):
        if document.corpus == corpus and document.readers[0]:
            places = [document.units[at].utterance_index for at in peaks(document.units, one, TOP)]
            items = [[span[0] for span in decision.said] for decision in document.readers[0]]
            recall += metrics.item_recall(places, items)
            right += metrics.candidate_precision(places, items)
    return (int(recall[0]), int(recall[1])), (int(right[0]), int(right[1]))


def _plain(found: Sequence[Document], fold: np.ndarray) -> Odds:
    """The baseline, each fold by one that learned from the others."""
    out: dict[int, np.ndarray] = {}
    for held in sorted(set(fold.tolist())):
        inside = [i for i in range(len(found)) if fold[i] == held]
        told = _learned([one for one, f in zip(found, fold, strict=True) if f != held], [found[i] for i in inside])
        out |= dict(zip(inside, told, strict=True))
    return [out[i] for i in range(len(found))]


def _learned(known: Sequence[Document], others: Sequence[Document]) -> Odds:
    """TF-IDF of the sentence and of the three on either side, a logistic regression each, scores added."""
    total = [np.zeros(len(one.units), dtype=np.float32) for one in others]
    views: tuple[tuple[Callable[[Document], list[str]], int, int], ...] = ((_own, 2, 0), (_around, 1, training.NEAR))
    for view, longest, reach in views:
        words = TfidfVectorizer(ngram_range=(1, longest), min_df=3, sublinear_tf=True)
        table = words.fit_transform([text for one in known for text in view(one)])
        target = np.concatenate([training.near(one.stated(), reach) for one in known])
        fit = LogisticRegression(class_weight="balanced", solver="liblinear").fit(table, target)
        for place, one in enumerate(others):
            total[place] += fit.decision_function(words.transform(view(one))).astype(np.float32)
    return total


def _own(document: Document) -> list[str]:
    return [unit.text for unit in document.units]


def _around(document: Document) -> list[str]:
    texts = _own(document)
    return [" ".join(texts[max(0, i - 3) : i + 4]) for i in range(len(texts))]
