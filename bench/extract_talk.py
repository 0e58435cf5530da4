"""Part of `extract.py`: what is found of decisions in plain talk, in the labelled snippets of data/talk.

Each file is by another writer and judged by what learned from the other files; ranked is what the judge is asked of, in
agent sessions what the person says. Threshold and settings were chosen on
these, and the numbers of the calibrations are of all files. `kept` and `waits` are what the product's passes make of
it, beside the same passes without this judge.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import train_detector as training
from detector_data import Document
from extract_meetings import CUE_WORDS
from extract_own import Kept, passed, print_counted
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from ingest.extract.detect import PLAIN, PLAIN_AGENT, is_plain
from ingest.extract.detect_model import Calibration, bundled

_NEVER = Calibration(0.0, -50.0)


def report(data: Path) -> None:
    """Prints, by file and of all, the ranking of sentences and what is kept."""
    study = training.plain_study(data)
    files = sorted({one.document.group for one in study.told})
    judged = [(document, odds) for document, odds in study.odds() if document.corpus == "talk"]
    documents = [document for document, _ in judged]
    plain = _plain(documents)
    for name in (*files, "all"):
        chosen = [at for at, one in enumerate(documents) if name in (one.group, "all")]
        decisions = sum(len(documents[at].readers[0]) for at in chosen)
        print(f"talk: {name}: {len(chosen)} snippets, {decisions} decisions")
        _ranked("the judge of plain talk", documents, chosen, lambda at: judged[at][1])
        _ranked("TF-IDF + LR", documents, chosen, lambda at: plain[at])
        _ranked("cue words by count", documents, chosen, lambda at: _cues(documents[at]))

    @cache
    def detector(group: str | None) -> training.Detector:
        shipped = bundled()
        if group is None:
            return replace(shipped, calibrations={**shipped.calibrations, PLAIN: _NEVER, PLAIN_AGENT: _NEVER})
        return replace(shipped, plain=study.head(group))

    for told, of in (("with it", lambda one: one.group), ("without it", lambda _: None)):
        kept = [Kept(one, passed(one, detector(of(one)))) for one in documents]
        for kind, of_kind in (("kept by default", lambda one: not one.is_doubtful), ("and what waits", lambda _: True)):
            print_counted(f"{told}, {kind}", kept, of_kind)


def _ranked(name: str, documents: Sequence[Document], chosen: Sequence[int], of: Callable[[int], np.ndarray]) -> None:
    heard = [[is_plain(documents[at].session, unit) for unit in documents[at].units] for at in chosen]
    told = np.concatenate([of(at)[asked] for at, asked in zip(chosen, heard, strict=True)])
    right = np.concatenate([documents[at].stated()[asked] > 0 for at, asked in zip(chosen, heard, strict=True)])
    order = right[np.argsort(-told, kind="stable")]
    precision, recall = np.cumsum(order) / np.arange(1, len(order) + 1), np.cumsum(order) / max(1, right.sum())
    found = {at: float(recall[precision >= at].max(initial=0.0)) for at in (0.8, 0.65, 0.5)}
    shares = ", ".join(f"{value:.2f} at {at:g}" for at, value in found.items())
    print(f"  {name:<26} average precision {average_precision_score(right, told):.3f}; recall by precision: {shares}")


def _plain(documents: Sequence[Document]) -> list[np.ndarray]:
    """TF-IDF of the sentence and of three on either side, and logistic regression; each file by the others."""
    own = [unit.text for document in documents for unit in document.units]
    near = [
        " ".join(unit.text for unit in document.units[max(0, at - 3) : at + 4])
        for document in documents
        for at in range(len(document.units))
    ]
    ends = np.cumsum([0, *(len(document.units) for document in documents)])
    right = np.concatenate([document.stated() > 0 for document in documents])
    of_file = np.repeat([document.group for document in documents], np.diff(ends))
    odds = np.zeros(len(own))
    for name in set(of_file.tolist()):
        known, unknown = np.flatnonzero(of_file != name), np.flatnonzero(of_file == name)
        for texts in (own, near):
            words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
            fit = LogisticRegression(C=10, class_weight="balanced", max_iter=500)
            fit.fit(words.fit_transform([texts[at] for at in known]), right[known])
            odds[unknown] += fit.decision_function(words.transform([texts[at] for at in unknown]))
    return [odds[first:last] for first, last in itertools.pairwise(ends)]


def _cues(document: Document) -> np.ndarray:
    return np.array([float(len(CUE_WORDS.findall(unit.text))) for unit in document.units])
