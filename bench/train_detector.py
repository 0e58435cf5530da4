"""Trains the detector of decisions in conversation and writes its weights.

    python bench/train_detector.py --data FOLDER [--only agent_session] [--out ingest/extract/model]

Needs scikit-learn, SciPy and LightGBM (training only; the product evaluates the result with NumPy). Four judges are
trained: of plain talk (`train_plain.py`), of stretches of meetings, of statements, and of statements in agent sessions
(`train_agent_judge.py`). The last three in two stages: linear weights of words, then boosted trees over what those say
(for sentences that the weights have not seen) and the features of the session.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from detector_data import Document, labelled, meetings, touches

from ingest.extract.detect import CALIBRATED, PLAIN, PLAIN_AGENT, kind_of, leading, over_stretch, peaks
from ingest.extract.detect_features import features
from ingest.extract.detect_model import (
    AgentHead,
    Calibration,
    Detector,
    Head,
    PlainHead,
    Trees,
    Weights,
    arrays,
    from_arrays,
    judge,
    linear_scores,
    rows,
)
from ingest.extract.detect_ngrams import SEQUENCE_BITS, WORD_BITS, Bag, bags

try:
    from grow_trees import NEAR, Plan, grown, near
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression, SGDClassifier
    from sklearn.preprocessing import normalize
    from talk import snippets
    from train_agent_judge import AgentStudy
    from train_plain import PlainStudy
except ImportError as missing:
    sys.exit(f"not trained: this needs scikit-learn, SciPy and LightGBM ({missing})")

FOLDS = 5
AGENT = "agent_session"
_RARE = 3
_SOME = 4
"""One in so many meetings is read for what decides nothing."""
_SUGGESTS = ("sug", "off", "^cs", "^cc", "^co")
_ASSESSES = ("ass", "^aa", "^ba")


@dataclass(frozen=True, slots=True)
class Task:
    """What one linear column learns: `target` of the documents, from the words in reach (None: the sentence's own).

    With a `strength` it is fitted until it holds still, without one by six rounds of averaged gradient descent.
    """

    target: str
    reach: tuple[int, int] | None = None
    alpha: float = 2e-5
    strength: float | None = None


MEETING = (
    Task("stated", strength=1.0), Task("near", strength=0.3), Task("summary", strength=0.5),
    Task("suggests", strength=0.5), Task("assesses", strength=0.5),
    Task("near", (-3, 3)), Task("stated", (-3, 3)), Task("near", (-3, -1)), Task("near", (1, 3)),
    Task("near", (-10, 10)),
)  # fmt: skip
WRITTEN = (
    Task("stated", alpha=1e-4), Task("best", alpha=1e-4), Task("near", alpha=1e-4), Task("reason", alpha=1e-4),
    Task("stated", (-3, -1), 1e-4), Task("stated", (1, 3), 1e-4), Task("near", (-6, 6), 1e-4),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """What is made of a set of documents once: words of all sentences, targets, and where each document begins."""

    documents: tuple[Document, ...]
    words: Bag
    sequences: Bag
    targets: dict[str, np.ndarray]
    starts: np.ndarray

    def of(self, position: int) -> slice:
        """The rows of one document."""
        return slice(int(self.starts[position]), int(self.starts[position + 1]))


def made(documents: Sequence[Document]) -> Made:
    """Everything that training reads, for documents that have sentences."""
    texts = [unit.text for document in documents for unit in document.units]
    words, sequences = bags(texts)
    targets = {name: np.concatenate([_target(one, name) for one in documents]) for name in _TARGETS}
    starts = np.cumsum([0, *(len(one.units) for one in documents)])
    return Made(tuple(documents), words, sequences, targets, starts)


def _target(document: Document, name: str) -> np.ndarray:
    if name == "summary":
        return np.array([unit.utterance_index in document.summary for unit in document.units], dtype=float)
    if name in ("suggests", "assesses"):
        signs = _SUGGESTS if name == "suggests" else _ASSESSES
        acts = document.acts or ("",) * len(document.session.utterances)
        return np.array([any(s in acts[unit.utterance_index] for s in signs) for unit in document.units], dtype=float)
    if name == "reason":
        spans = [span for reader in document.readers for one in reader for span in one.rationale]
        return np.array([any(touches(unit, span) for span in spans) for unit in document.units], dtype=float)
    stated = document.stated(best_only=name == "best")
    return near(stated) if name == "near" else (stated > 0).astype(float)


_TARGETS = ("stated", "best", "near", "reason", "summary", "suggests", "assesses")


def _matrix(bag: Bag, bits: int) -> sparse.csr_matrix:
    count = len(bag.starts) - 1
    found = sparse.csr_matrix(
        (np.ones(len(bag.ids), np.float32), bag.ids, bag.starts), shape=(count, 1 << bits), dtype=np.float32
    )
    found.sum_duplicates()
    return found


def _band(starts: np.ndarray, reach: tuple[int, int]) -> sparse.csr_matrix:
    """Rows in reach of each row within its document."""
    blocks = []
    for first, last in pairwise(starts):
        size = int(last - first)
        offsets = [d for d in range(reach[0], reach[1] + 1) if abs(d) < size]
        blocks.append(sparse.diags([np.ones(size - abs(d), np.float32) for d in offsets], offsets, shape=(size, size)))
    return sparse.block_diag(blocks, format="csr", dtype=np.float32)


class Words:
    """The sparse matrices of a set of documents, for fitting linear columns on any of its rows."""

    def __init__(self, found: Made, tasks: Sequence[Task]) -> None:
        """Build them once."""
        self.found, self.tasks = found, tasks
        self.own = _matrix(found.sequences, SEQUENCE_BITS)
        self.near = _matrix(found.words, WORD_BITS)
        self.bands = {task.reach: _band(found.starts, task.reach) for task in tasks if task.reach}

    def fit(self, chosen: np.ndarray) -> Weights:
        """Weights learned from the chosen rows; words around them are read wherever they stand."""
        own_idf, near_idf = (_idf(one[chosen], len(chosen)) for one in (self.own, self.near))
        own = normalize(self.own[chosen] @ sparse.diags(own_idf))
        weighted = self.near @ sparse.diags(near_idf)
        lengths = np.asarray(self.near @ (near_idf**2)).ravel()
        columns: dict[bool, list[np.ndarray]] = {True: [], False: []}
        reaches = []
        for task in self.tasks:
            target = self.found.targets[task.target][chosen]
            if task.reach is None:
                columns[True].append(_fitted(own, target, task) * own_idf)
                continue
            band = self.bands[task.reach][chosen]
            length = np.sqrt(np.maximum(band @ lengths, 1e-6))
            around = sparse.diags((1 / length).astype(np.float32)) @ (band @ weighted)
            columns[False].append(_fitted(around, target, task) * near_idf)
            reaches.append(task.reach)
        return Weights(
            np.column_stack([*columns[True], own_idf**2]).astype(np.float32),
            np.column_stack([*columns[False], near_idf**2]).astype(np.float32),
            tuple(reaches),
        )


def _idf(matrix: sparse.csr_matrix, count: int) -> np.ndarray:
    seen = np.bincount(matrix.indices, minlength=matrix.shape[1])
    return np.where(seen >= _RARE, np.log(count / (1 + seen)) + 1, 0).astype(np.float32)


def _fitted(matrix: sparse.csr_matrix, target: np.ndarray, task: Task) -> np.ndarray:
    if not target.any():
        return np.zeros(matrix.shape[1], np.float32)
    fit: SGDClassifier | LogisticRegression
    if task.strength is None:
        fit = SGDClassifier(
            loss="log_loss", alpha=task.alpha, max_iter=6, tol=None, average=True, class_weight="balanced",
            random_state=0,
        )  # fmt: skip
    else:
        fit = LogisticRegression(C=task.strength, class_weight="balanced", tol=1e-3, max_iter=150)
    return fit.fit(matrix, target).coef_[0].astype(np.float32)


def folds(documents: Sequence[Document], count: int = FOLDS, seed: int = 0) -> np.ndarray:
    """The fold of each document; a group stays whole, each corpus is spread evenly."""
    places: dict[str, int] = {}
    for corpus in sorted({one.corpus for one in documents}):
        groups = sorted({one.group for one in documents if one.corpus == corpus} - set(places))
        random.Random(seed).shuffle(groups)
        places |= {group: number % count for number, group in enumerate(groups)}
    return np.array([places[one.group] for one in documents])


class Study:
    """Cross-validation of one judge: every score of a document comes from weights that did not see its fold.

    Trees are nested too: those that judge fold f learn from scores of weights that saw neither f nor the document.
    """

    def __init__(self, words: Words, fold: np.ndarray, plan: Plan) -> None:
        """Take the documents as made, their folds and how trees are grown."""
        self.words, self.fold, self.plan = words, fold, plan
        self._scores: dict[tuple[int, ...], dict[int, np.ndarray]] = {}

    def odds(self) -> list[np.ndarray]:
        """The log-odds of each document's sentences, by a judge that did not see the document's fold."""
        out: dict[int, np.ndarray] = {}
        for held in sorted(set(self.fold.tolist())):
            judged = self.head(held)
            for i in self._places(held):
                document = self.words.found.documents[i]
                (out[i],) = judge(document.session, document.units, judged)
        return [out[i] for i in range(len(self.fold))]

    @cache  # noqa: B019 - a study lives as long as the process
    def head(self, held: int | None = None) -> Head:
        """The judge that learned from every document, as it is shipped, or from all but those of one fold."""
        chosen = [i for i, f in enumerate(self.fold) if f != held and self.words.found.documents[i].is_learned]
        outside = () if held is None else (held,)
        scores = {i: self._seen(*outside, int(self.fold[i]))[i] for i in chosen}
        return Head(self._weights(*outside), self._trees(scores))

    def _places(self, held: int) -> list[int]:
        return [int(i) for i in np.flatnonzero(self.fold == held)]

    def _seen(self, *held: int) -> dict[int, np.ndarray]:
        """The linear scores of the documents of the held folds, by weights that learned from all others."""
        key = tuple(sorted(held))
        if key not in self._scores:
            found, weights = self.words.found.documents, self._weights(*key)
            self._scores[key] = {i: linear_scores(_bags(found[i]), weights) for f in key for i in self._places(f)}
        return self._scores[key]

    @cache  # noqa: B019 - as above
    def _weights(self, *held: int) -> Weights:
        found = self.words.found
        known = [i for i, f in enumerate(self.fold) if f not in held and found.documents[i].is_learned]
        return self.words.fit(_rows(found, known))

    def _trees(self, scores: dict[int, np.ndarray]) -> Trees:
        found, chosen = self.words.found, sorted(scores)
        table = np.vstack([rows(_features(found.documents[i]), scores[i]) for i in chosen])
        targets = [np.concatenate([found.targets[one][found.of(i)] for i in chosen]) for one in self.plan.targets]
        return grown(table, targets, self.plan)


@cache
def _features(document: Document) -> np.ndarray:
    return features(document.session, document.units)


def _bags(document: Document) -> tuple[Bag, Bag]:
    return bags([unit.text for unit in document.units])


def _rows(found: Made, chosen: Iterable[int]) -> np.ndarray:
    return np.concatenate([np.arange(found.starts[i], found.starts[i + 1]) for i in chosen])


def platt(odds: np.ndarray, right: np.ndarray) -> Calibration:
    """The scaling under which log-odds hold for the outcomes seen (Platt 1999), by logistic regression."""
    fit = LogisticRegression(C=1e6).fit(odds.reshape(-1, 1), right)
    return Calibration(float(fit.coef_[0, 0]), float(fit.intercept_[0]))


STATEMENT = Plan(rounds=300, leaves=8, rate=0.03, least=40, share=0.2, seeds=2)
STRETCH = Plan(rounds=200, leaves=15, rate=0.04, least=100, seeds=2, negatives=0.3)
"""Chosen by cross-validation on the development documents, among some ten settings each."""


def calibration(documents: Sequence[Document], odds: Sequence[np.ndarray]) -> dict[str, Calibration]:
    """For each kind of session, from judgements of documents that the judge had not seen."""
    pairs: dict[str, list[tuple[float, float]]] = {kind: [] for kind in CALIBRATED}
    for document, told in zip(documents, odds, strict=True):
        if not document.is_learned:
            continue
        marks = document.stated()
        pairs[kind_of(document.session)] += [
            (float(told[at]), float(marks[at])) for at in leading(document.units, told)
        ]
    return {kind: _shared(np.array(found)) for kind, found in pairs.items() if found}


def _shared(pairs: np.ndarray) -> Calibration:
    """Platt scaling where a sentence that one of two readers marked counts as half right."""
    odds, shares = np.concatenate([pairs, pairs]).T
    half = len(pairs)
    right = np.concatenate([shares[:half] > 0, shares[half:] > 0.5])
    return platt(odds, right)


def stretch_calibration(documents: Sequence[Document], odds: Sequence[np.ndarray]) -> Calibration:
    """From the likeliest stretches of each meeting: right within three utterances of a decision's evidence."""
    told, right = [], []
    for document, alone in zip(documents, odds, strict=True):
        one = over_stretch(alone)
        evidence = {span[0] for decision in document.readers[0] for span in decision.said}
        for at in peaks(document.units, one, 2 * len(document.readers[0]) + 10):
            told.append(float(one[at]))
            right.append(any(abs(document.units[at].utterance_index - place) <= NEAR for place in evidence))
    return platt(np.array(told), np.array(right))


def trained(data: Path) -> Detector:
    """The shipped detector: judges of all documents, calibrated on judgements of unseen ones."""
    statement, told = statement_judge(data)
    agent, of_agents = agent_judge(data)
    stretch, alone = stretch_judge(data)
    plain, of_plain = plain_judge(data)
    return Detector(statement, stretch, agent, plain, {**told, AGENT: of_agents, "stretch": alone, **of_plain})


def statement_judge(data: Path) -> tuple[Head, dict[str, Calibration]]:
    """The judge of statements, and how far it may be believed by kind of session."""
    marked = [one for one in labelled(data.parent) if one.units]
    study = Study(Words(made(marked), WRITTEN), folds(marked), STATEMENT)
    return study.head(), calibration(marked, study.odds())


def agent_judge(data: Path) -> tuple[AgentHead, Calibration]:
    """The judge of agent sessions, and how far it may be believed."""
    marked = [one for one in labelled(data.parent) if one.units]
    study = AgentStudy(marked, folds(marked))
    odds = study.odds()
    told = calibration([marked[place] for place in odds], list(odds.values()))
    return study.head(), told[AGENT]


def stretch_judge(data: Path) -> tuple[Head, Calibration]:
    """The judge of stretches, and how far it may be believed."""
    spoken = [one for one in meetings(data) if one.units]
    study = Study(Words(made(spoken), MEETING), folds(spoken), STRETCH)
    return study.head(), stretch_calibration(spoken, study.odds())


def plain_judge(data: Path) -> tuple[PlainHead, dict[str, Calibration]]:
    """The judge of plain talk, and how far it may be believed."""
    study = plain_study(data)
    return study.head(), study.calibrations()


def plain_study(data: Path) -> PlainStudy:
    """The judge of plain talk, by files of snippets and by folds of real sessions."""
    marked = [one for one in labelled(data.parent) if one.units]
    fold = folds(marked).tolist()
    known = dict(zip((one.group for one in marked), fold, strict=True))
    spoken = [one for one in meetings(data) if one.units][::_SOME]
    of_meetings = [known.get(one.group, at) for one, at in zip(spoken, folds(spoken).tolist(), strict=True)]
    return PlainStudy(list(snippets()), [*marked, *spoken], [*fold, *of_meetings])


def again(data: Path, out: Path, only: str) -> Detector:
    """The detector in `out` with one judge trained again."""
    with np.load(out / "detector.npz") as stored:
        kept = from_arrays({name: stored[name] for name in stored.files})
    if only == "stretch":
        head, told = stretch_judge(data)
        return replace(kept, stretch=head, calibrations={**kept.calibrations, "stretch": told})
    if only == AGENT:
        agent, told = agent_judge(data)
        return replace(kept, agent=agent, calibrations={**kept.calibrations, AGENT: told})
    if only == "plain":
        plain, by_kind = plain_judge(data)
        return replace(kept, plain=plain, calibrations={**kept.calibrations, **by_kind})
    statement, kinds = statement_judge(data)
    others = {kind: kept.calibrations[kind] for kind in (AGENT, "stretch", PLAIN, PLAIN_AGENT)}
    return replace(kept, statement=statement, calibrations={**kinds, **others})


def main() -> None:
    """Train, write, print the calibrations."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=Path, help="folder with ami_icsi_decisions/ and the others; none: nothing is done"
    )
    parser.add_argument("--out", type=Path, default=Path("ingest/extract/model"), help="where detector.npz goes")
    parser.add_argument(
        "--only", choices=("statement", "stretch", AGENT, "plain"), help="the judge to train; others stay"
    )
    asked = parser.parse_args()
    if asked.data is None:
        print("skipped: no --data folder given, nothing was trained")
        return
    began = time.monotonic()
    data = asked.data.resolve()
    detector = again(data, asked.out, asked.only) if asked.only else trained(data)
    asked.out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(asked.out / "detector.npz", **arrays(detector))
    size = (asked.out / "detector.npz").stat().st_size
    print(f"written: {asked.out / 'detector.npz'}, {size / 1e6:.1f} MB, {time.monotonic() - began:.0f} s")
    for kind, one in detector.calibrations.items():
        print(f"calibration of {kind}: slope {one.slope:.2f}, offset {one.offset:+.2f}")


if __name__ == "__main__":
    main()
