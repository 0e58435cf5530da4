"""Trains the sentence-type model, measures it on ConDec, and writes its weights.

    python bench/sentence_model.py --data FOLDER [--out bench/sentence_types.safetensors]

Needs scikit-learn (training only). Data: `condec_jira` (MIT) and the advantages and drawbacks that the records of
`adrs` (MIT, CC0, Apache-2.0) list for their options; nothing else. The same data and versions give the same weights.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
from safetensors.numpy import save
from sentence_features import BLOCKS
from sentence_types import COUNTS_SCALE, sentence_model
from valence import valence_counts

try:
    from scipy import sparse
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from text_folds import SEEDS, Figures, Labels, by_cue_words, by_plain_model, chosen, folds
except ImportError as missing:
    sys.exit(f"not trained: this needs scikit-learn ({missing})")

LABELS = ("issue", "alternative", "pro", "con", "decision")  # in the order of TYPES
NONE = len(LABELS)
RARELY = 2  # a feature met in fewer sentences is left out
INVERSE_PENALTY = 6.0  # this and the feature blocks: chosen by cross-validation among some eighty settings
RECORD_WEIGHT = 0.5  # of a sentence from a decision record beside one from ConDec
CUES = {
    "issue": r"\?|\bhow (?:to|can|do|should)\b|\bproblem\b|\bissue\b",
    "alternative": r"\b(?:could|alternative(?:ly)?|another (?:option|way)|instead|option)\b",
    "pro": r"\b(?:good|great|easy|easier|simple|better|advantage|nice|fast|works?)\b",
    "con": r"\b(?:but|not|hard|difficult|too|disadvantage|slow|complex|problematic|error)\b",
    "decision": r"\b(?:decided?|we will|we use|let's|added|moved|changed|use)\b",
}
_LISTED = re.compile(r"^\s*[*-]\s*\**(good|pro|bad|con)\**\s*[,:]\s*(?:because)?\s*(.+)$", re.MULTILINE | re.IGNORECASE)
_MARKUP = re.compile(r"[`*]|\]\([^)]*\)|\[")


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences and the class of each: a place in LABELS, or NONE."""

    texts: list[str]
    classes: list[int]

    def gold(self) -> Labels:
        """The label of each sentence as a set, empty for none."""
        return [set(LABELS[one : one + 1]) for one in self.classes]


@dataclass(frozen=True, slots=True)
class Trained:
    """The fitted parts, in the order of BLOCKS."""

    weighers: list[TfidfVectorizer]
    model: LogisticRegression

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """Six columns: LABELS, then none of them."""
        counts = sparse.csr_matrix([valence_counts(text) for text in texts]) * COUNTS_SCALE
        blocks = [weigher.transform(texts) for weigher in self.weighers]
        return self.model.predict_proba(sparse.hstack([*blocks, counts]).tocsr())

    def labels(self, texts: Sequence[str]) -> Labels:
        """The likeliest label of each, none where "none of them" is likeliest; so there is no threshold to choose."""
        return [set(LABELS[one : one + 1]) for one in self.probabilities(texts).argmax(1)]


def condec(data: Path) -> Sentences:
    """The sentences of ConDec; each carries one label or none (the format allows more, none has more)."""
    rows = [json.loads(line) for line in (data / "condec_jira" / "sentences.jsonl").read_text("utf-8").splitlines()]
    if several := [row["id"] for row in rows if len(row["labels"]) > 1]:
        sys.exit(f"not trained: sentences {several} have several labels; this model gives one")
    classes = [LABELS.index(row["labels"][0]) if row["labels"] else NONE for row in rows]
    return Sentences([row["text"] for row in rows], classes)


def listed_arguments(data: Path) -> Sentences:
    """What decision records list for and against their options; nothing where there is no such folder."""
    path = data / "adrs" / "adrs.jsonl"
    found = list(_arguments(path.read_text("utf-8"))) if path.exists() else []
    return Sentences([text for text, _ in found], [one for _, one in found])


def _arguments(lines: str) -> Iterator[tuple[str, int]]:
    for line in lines.splitlines():
        for side, text in _LISTED.findall(json.loads(line)["text"]):
            is_for = side.lower() in {"good", "pro"}
            yield _MARKUP.sub("", text).capitalize(), LABELS.index("pro" if is_for else "con")


def train(sentences: Sentences, arguments: Sentences) -> Trained:
    """A multinomial logistic regression over the blocks of features and the valence counts."""
    texts = [*sentences.texts, *arguments.texts]
    weighers = [TfidfVectorizer(analyzer=block, sublinear_tf=True, min_df=RARELY) for block in BLOCKS.values()]
    counts = sparse.csr_matrix([valence_counts(text) for text in texts]) * COUNTS_SCALE
    known = sparse.hstack([*(weigher.fit_transform(texts) for weigher in weighers), counts]).tocsr()
    weights = [1.0] * len(sentences.texts) + [RECORD_WEIGHT] * len(arguments.texts)
    model = LogisticRegression(C=INVERSE_PENALTY, class_weight="balanced", max_iter=1_000, tol=1e-4)
    return Trained(weighers, model.fit(known, [*sentences.classes, *arguments.classes], sample_weight=weights))


def report(data: Path, metrics: ModuleType, unseen: Path | None) -> None:
    """Prints the macro-F1 of ConDec, five folds grouped by sentence, or of the unseen sentences."""
    found, arguments = condec(data), listed_arguments(data)
    figures = Figures(metrics, LABELS)
    if unseen is not None:
        other = condec(unseen)
        _score(figures, found, arguments, other)
        print(f"ConDec: trained on {len(found.texts)} sentences, scored on {len(other.texts)} unseen ones")
    else:
        for seed in SEEDS:
            _cross_validate(figures, found, arguments, seed)
        print(f"ConDec: {len(found.texts)} sentences, folds grouped by sentence")
    figures.show()


def _cross_validate(figures: Figures, found: Sentences, arguments: Sentences, seed: int) -> None:
    gold = found.gold()
    results: dict[str, Labels] = {}
    for split in folds([text.lower() for text in found.texts], seed):
        known = Sentences(chosen(found.texts, split.train), [found.classes[place] for place in split.train])
        asked = chosen(found.texts, split.test)
        for name, labels in _all_labels(known, arguments, asked).items():
            into = results.setdefault(name, [set() for _ in gold])
            for place, one in zip(split.test, labels, strict=True):
                into[place] = one
    for name, labels in results.items():
        figures.add(name, gold, labels)


def _score(figures: Figures, found: Sentences, arguments: Sentences, other: Sentences) -> None:
    for name, labels in _all_labels(found, arguments, other.texts).items():
        figures.add(name, other.gold(), labels)


def _all_labels(known: Sentences, arguments: Sentences, asked: Sequence[str]) -> dict[str, Labels]:
    return {
        "cue words": by_cue_words(asked, CUES),
        "TF-IDF + logistic regression": by_plain_model(known.texts, known.gold(), asked, LABELS),
        "sentence types": train(known, arguments).labels(asked),
    }


def weights(trained: Trained) -> bytes:
    """The weights file: features in block order, and float32 numbers."""
    names = [
        letter + one for letter, w in zip(BLOCKS, trained.weighers, strict=True) for one in w.get_feature_names_out()
    ]
    stored = {
        "features": np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
        "rarity": np.concatenate([weigher.idf_ for weigher in trained.weighers]).astype(np.float32),
        "coefficients": np.ascontiguousarray(trained.model.coef_.T, dtype=np.float32),
        "intercept": trained.model.intercept_.astype(np.float32),
    }
    return save(stored)


def main() -> None:
    """Trains on all sentences, checks that NumPy computes what scikit-learn does, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds condec_jira/ and adrs/")
    parser.add_argument("--out", type=Path, default=Path("bench/sentence_types.safetensors"))
    asked = parser.parse_args()
    found, arguments = condec(asked.data), listed_arguments(asked.data)
    trained = train(found, arguments)
    content = weights(trained)
    shipped = sentence_model(content)
    texts = [*found.texts, "", "!", "Words that it never met: Übergrößenträger."]
    ours = np.array([shipped.probabilities(text) for text in texts])
    difference = float(np.abs(ours - trained.probabilities(texts)).max())
    if difference > 1e-5:
        sys.exit(f"not written: its probabilities differ from scikit-learn's by {difference:.1e}")
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_bytes(content)
    count = len(shipped.rarity)
    print(f"{len(found.texts)} + {len(arguments.texts)} sentences, {count} features, {len(content):,} bytes")
    print(f"largest difference from scikit-learn: {difference:.1e}")
    print(f"written: {asked.out}")


if __name__ == "__main__":
    main()
