"""Trains the model that tells which clause around a choice gives its reason.

    python -m pip install -e '.[bench]'
    python bench/train_reasons.py --data ../shared/data

Learns from the labelled decisions of `bench/labels`, all readers', and of the snippets in data/talk, and writes
`ingest/extract/model/reasons.safetensors`: a linear model, and boosted trees that learn from its scores of sessions it
did not see. Figures on unseen sessions: `bench/extract_parts.py`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from detector_data import Decision, Document, labelled
from detector_data import Span as Place
from safetensors.numpy import save
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from talk import snippets
from text_folds import folds
from train_detector import Plan, grown

from ingest.extract.reasons_clauses import Clause, Clauses
from ingest.extract.reasons_context import Scored, table
from ingest.extract.reasons_features import MOST_SPANS, Anchor, anchor_of, shape_of, standing_of, words_of
from ingest.extract.reasons_model import PLACE_SCALE, WORDS_SCALE, Linear, linear_model, reason_model
from ingest.records import Span

WEIGHTS = Path(__file__).parents[1] / "ingest" / "extract" / "model" / "reasons.safetensors"
RAREST = 6
"""A feature met with fewer clauses than this is left out; most clauses are met twice (`lesson_of`)."""
STRENGTH = 0.3
"""Inverse of the linear model's penalty."""
INNER = 4
"""The trees learn from scores of linear models that did not see the session: so many parts of what is learned from."""
TREES = Plan(rounds=250, leaves=15, rate=0.03, least=40, share=0.4)
Row = tuple[list[str], list[str], bool]
"""Words, other features, whether the clause is a labelled reason."""


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled decision with the clauses around it."""

    near: list[Clause]
    anchor: Anchor
    rows: list[Row]

    def seen(self, model: Linear, clauses: Clauses) -> np.ndarray:
        """What the trees see of each clause by a linear model. Shape: (clauses, columns)."""
        own = [model.of_itself(one) for one in self.near]
        standing = [model.standing(one, self.anchor, clauses) for one in self.near]
        return table(Scored(self.near, own, standing), self.anchor, clauses.session)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learned from one document."""

    group: str
    clauses: Clauses
    cases: list[Case]

    @property
    def rows(self) -> list[Row]:
        """Those of all its decisions."""
        return [row for case in self.cases for row in case.rows]


def choice_of(decision: Decision, document: Document) -> tuple[Span, ...]:
    """The labelled statements of a decision, the best first."""
    said = document.session.utterances
    return tuple(Span(at, start, end, said[at].text[start:end]) for at, start, end in decision.said)


def lesson_of(document: Document) -> Lesson:
    """A case for each labelled decision around which something is said: by all its statements, and by the best alone.

    Extraction often finds one statement of several.
    """
    clauses, cases = Clauses(document.session), []
    for decision in (one for found in document.readers for one in found):
        said = choice_of(decision, document)[:MOST_SPANS]
        for spans in (said, said[:1])[: len(said)]:
            anchor = anchor_of(spans, clauses)
            near = clauses.around(anchor.spans)
            if near:
                cases.append(Case(near, anchor, [_row(one, anchor, document, decision) for one in near]))
    return Lesson(document.group, clauses, cases)


def _row(clause: Clause, anchor: Anchor, document: Document, decision: Decision) -> Row:
    places = [*shape_of(clause), *standing_of(clause, anchor, document.session)]
    return words_of(clause), places, any(_says(clause, one) for one in decision.rationale)


def _says(clause: Clause, label: Place) -> bool:
    """Whether most of the clause lies in a labelled span, or nearly all of that in the clause."""
    if clause.utterance_index != label[0]:
        return False
    shared = min(clause.end_char, label[2]) - max(clause.start_char, label[1])
    return shared > 0.5 * (clause.end_char - clause.start_char) or shared > 0.8 * (label[2] - label[1])


def weights(lessons: Sequence[Lesson]) -> bytes:
    """The content of a weights file for `reason_model`."""
    trees = grown(*_tables(lessons), TREES)
    parts = {name: getattr(trees, name) for name in ("feature", "threshold", "mask", "value")}
    return save(_linear([row for lesson in lessons for row in lesson.rows]) | parts)


def _tables(lessons: Sequence[Lesson]) -> tuple[np.ndarray, list[np.ndarray]]:
    """What the trees learn from: each clause as a linear model sees it that learned from other groups; the target."""
    tables, targets = [], []
    for split in folds([lesson.group for lesson in lessons], 0, INNER):
        model = linear_model(_linear([row for place in split.train for row in lessons[place].rows]))
        for lesson in (lessons[place] for place in split.test):
            tables += [case.seen(model, lesson.clauses) for case in lesson.cases]
            targets += [row[2] for row in lesson.rows]
    return np.vstack(tables), [np.array(targets, dtype=np.float64)]


def _linear(rows: Sequence[Row]) -> dict[str, np.ndarray]:
    """A linear model's tensors."""
    words = _known(one for one, _, _ in rows)
    places = _known(one for _, one, _ in rows)
    of_words, of_places = _matrix([row[0] for row in rows], words), _matrix([row[1] for row in rows], places)
    rarity = np.log((1 + len(rows)) / (1 + np.asarray(of_words.sum(axis=0)).ravel())) + 1
    weighted = of_words.multiply(rarity).tocsr()
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    scaled = weighted.multiply((WORDS_SCALE / np.maximum(lengths, 1e-9))[:, None])
    model = LogisticRegression(C=STRENGTH, solver="liblinear")
    model.fit(hstack([scaled, of_places * PLACE_SCALE]).tocsr(), [row[2] for row in rows])
    coefficients = model.coef_[0].astype(np.float32)
    return {
        "words": _lines(words),
        "places": _lines(places),
        "rarity": rarity.astype(np.float16),
        "word_weights": coefficients[: len(words)].astype(np.float16),
        "place_weights": coefficients[len(words) :].astype(np.float16),
        "intercept": model.intercept_.astype(np.float32),
    }


def _known(rows: Iterable[Sequence[str]]) -> dict[str, int]:
    counts = Counter(feature for row in rows for feature in set(row))
    kept = sorted(feature for feature, count in counts.items() if count >= RAREST and "\n" not in feature)
    return {feature: column for column, feature in enumerate(kept)}


def _matrix(rows: Sequence[Sequence[str]], known: dict[str, int]) -> csr_matrix:
    columns = [[known[feature] for feature in row if feature in known] for row in rows]
    ends = np.cumsum([0, *map(len, columns)])
    flat = np.fromiter((column for row in columns for column in row), dtype=np.int32, count=int(ends[-1]))
    return csr_matrix((np.ones(len(flat), dtype=np.float32), flat, ends), shape=(len(rows), len(known)))


def _lines(known: dict[str, int]) -> np.ndarray:
    return np.frombuffer("\n".join(known).encode("utf-8"), dtype=np.uint8)


def main() -> None:
    """Trains on every labelled session whose licence lets it and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled sessions' sources")
    marked = labelled(parser.parse_args().data.resolve().parent)
    documents = [*(one for one in marked if one.is_learned), *snippets()]
    lessons = [lesson_of(document) for document in documents]
    content = weights(lessons)
    reason_model(content)
    WEIGHTS.write_bytes(content)
    rows = [row for lesson in lessons for row in lesson.rows]
    print(f"{len(documents)} sessions, {len(rows)} clauses, {sum(row[2] for row in rows)} of them reasons")
    print(f"{WEIGHTS.name}: {len(content) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
