"""Which segments of IETF e-mail threads state a decision, propose an action, agree: LEDA, evaluation only.

The data set is GPL-3.0: nothing learned from it is ever written to a file, shipped or used by the product. The document
is one thread. A segment is judged by its own words and by its place: who speaks (an author, a chair), whether it
answers another segment, where in its message it stands. The cut of each score is chosen inside the training threads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
from email_words import class_openings, class_runs, opening, sentence_openings, word_runs
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from text_folds import SEEDS, Figures, Floats, Labels, Places, best_cut, by_cue_words, by_plain_model, chosen, folds

LABELS = ("StateDecision", "ProposeAction", "Agreement")
CUES = {
    "StateDecision": r"\b(?:decided|decision|fixed|done|consensus|i(?:'ll| will)|we(?:'ll| will))\b",
    "ProposeAction": r"\b(?:propose|suggest|should|could we|let's|please|recommend)\b",
    "Agreement": r"\b(?:agree|agreed|yes|yep|\+1|sounds good|ok|right)\b",
}
BLOCKS = ((word_runs, 1.0), (opening, 0.7), (sentence_openings, 0.7), (class_runs, 1.0), (class_openings, 0.8))
PLACING_WEIGHT = 0.5
INNER_FOLDS = 3
_LENGTHS = (4, 8, 15, 30, 60, 120)
_LIST_ITEM = re.compile(r"\s*(\d+[.)]|[-*o] )")


@dataclass(frozen=True, slots=True)
class Segments:
    """Segments of all threads, in order."""

    texts: list[str]
    threads: list[str]
    placing: Floats
    gold: Labels
    official_dev: Places
    """Places of the segments of the authors' development split."""


def segments(data: Path) -> Segments:
    """What `leda_email/threads.jsonl` holds."""
    lines = (data / "leda_email" / "threads.jsonl").read_text(encoding="utf-8").splitlines()
    threads = [json.loads(line) for line in lines]
    rows = [(place, one) for place, thread in enumerate(threads) for one in thread["segments"]]
    names = [f"{threads[place]['draft']}/{threads[place]['thread']}" for place, _ in rows]
    is_dev = [threads[place]["official_split"] == "dev" for place, _ in rows]
    placing = np.vstack([_placing(thread["segments"]) for thread in threads])
    gold = [set(one["labels"]) & set(LABELS) for _, one in rows]
    return Segments([one["text"] for _, one in rows], names, placing, gold, np.flatnonzero(is_dev))


def _placing(thread: Sequence[Mapping[str, object]]) -> Floats:
    """Who speaks and where, a row per segment of one thread."""
    speaker_of = {str(one["seg"]): one["person"] for one in thread}
    rows = []
    for place, one in enumerate(thread):
        text, answered = str(one["text"]), speaker_of.get(str(one["reply_to_seg"]))
        words = len(text.split())
        rows.append(
            [
                one["is_author"],
                one["is_wg_chair"],
                answered is not None,
                answered == one["person"],
                place == 0,
                place == 0 or thread[place - 1]["email"] != one["email"],
                place + 1 == len(thread) or thread[place + 1]["email"] != one["email"],
                ">" in text,
                "?" in text,
                "http" in text,
                _LIST_ITEM.match(text) is not None,
                *(words < length for length in _LENGTHS),
            ]
        )
    return np.array(rows, dtype=float)


@dataclass(frozen=True, slots=True)
class ActModel:
    """One logistic regression an act over the same features."""

    weighers: list[TfidfVectorizer]
    models: list[LogisticRegression]

    def scores(self, found: Segments, places: Places) -> Floats:
        """One column an act."""
        known = _features([one.transform(chosen(found.texts, places)) for one in self.weighers], found.placing[places])
        return np.column_stack([model.decision_function(known) for model in self.models])


def act_model(found: Segments, train: Places) -> ActModel:
    """A model of these segments."""
    texts = chosen(found.texts, train)
    weighers = [TfidfVectorizer(analyzer=block, sublinear_tf=True, min_df=2) for block, _ in BLOCKS]
    known = _features([one.fit_transform(texts) for one in weighers], found.placing[train])
    return ActModel(weighers, [_fitted(known, _is(found, train, label)) for label in LABELS])


def _features(blocks: Sequence[sparse.csr_matrix], placing: Floats) -> sparse.csr_matrix:
    weighted = [block * weight for block, (_, weight) in zip(blocks, BLOCKS, strict=True)]
    return sparse.hstack([*weighted, sparse.csr_matrix(placing * PLACING_WEIGHT)]).tocsr()


def _fitted(known: sparse.csr_matrix, is_act: np.ndarray) -> LogisticRegression:
    return LogisticRegression(class_weight="balanced", solver="liblinear", tol=1e-2, random_state=0).fit(known, is_act)


def _is(found: Segments, places: Places, label: str) -> np.ndarray:
    return np.array([label in found.gold[place] for place in places])


def acts(found: Segments, train: Places, asked: Segments, test: Places) -> Labels:
    """The acts of each asked segment; cuts from training threads scored by models that did not see them."""
    inner = np.zeros((len(train), len(LABELS)))
    for split in folds(chosen(found.threads, train), seed=99, count=INNER_FOLDS):
        inner[split.test] = act_model(found, train[split.train]).scores(found, train[split.test])
    cuts = [best_cut(inner[:, column], _is(found, train, label)) for column, label in enumerate(LABELS)]
    scores = act_model(found, train).scores(asked, test)
    return [{label for label, score, cut in zip(LABELS, row, cuts, strict=True) if score > cut} for row in scores]


def report(data: Path, metrics: ModuleType, unseen: Path | None) -> None:
    """Prints F1 of the three acts: folds of whole threads and the authors' development split, or the unseen threads."""
    found = segments(data)
    everything = np.arange(len(found.texts))
    if unseen is not None:
        asked = segments(unseen)
        figures = Figures(metrics, LABELS)
        _add(figures, found, asked, [(everything, np.arange(len(asked.texts)))])
        print(f"LEDA e-mail acts: trained on {len(everything)} segments, scored on {len(asked.texts)} unseen ones")
        figures.show()
        return
    print(f"LEDA e-mail acts: {len(everything)} segments of {len(set(found.threads))} threads, folds of whole threads")
    figures = Figures(metrics, LABELS)
    for seed in SEEDS:
        _add(figures, found, found, [(one.train, one.test) for one in folds(found.threads, seed)])
    figures.show()
    print(" the authors' development threads, trained on the others:")
    figures = Figures(metrics, LABELS)
    _add(figures, found, found, [(np.setdiff1d(everything, found.official_dev), found.official_dev)])
    figures.show()


def _add(figures: Figures, found: Segments, asked: Segments, splits: Sequence[tuple[Places, Places]]) -> None:
    gold = [asked.gold[place] for _, test in splits for place in test]
    results: dict[str, Labels] = {"cue words": [], "TF-IDF + logistic regression": [], "words, classes and place": []}
    for train, test in splits:
        texts, known = chosen(asked.texts, test), [found.gold[place] for place in train]
        results["cue words"] += by_cue_words(texts, CUES)
        results["TF-IDF + logistic regression"] += by_plain_model(chosen(found.texts, train), known, texts, LABELS)
        results["words, classes and place"] += acts(found, train, asked, test)
    for name, labels in results.items():
        figures.add(name, gold, labels)
