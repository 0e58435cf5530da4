"""Trains the model that tells which clause around a choice gives its reason.

    python -m pip install scikit-learn -e .
    python bench/train_reasons.py --data ../shared/data

Learns from the labelled decisions of `bench/labels`, all readers', and writes
`ingest/extract/model/reasons.safetensors`. Figures on unseen sessions: `bench/extract_parts.py`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from detector_data import Decision, Document, labelled
from detector_data import Span as Place
from safetensors.numpy import save
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from ingest.extract.reasons_clauses import Clause, Clauses
from ingest.extract.reasons_features import MOST_SPANS, anchor_of, shape_of, standing_of, words_of
from ingest.extract.reasons_model import PLACE_SCALE, WORDS_SCALE, reason_model
from ingest.records import Span

WEIGHTS = Path(__file__).parents[1] / "ingest" / "extract" / "model" / "reasons.safetensors"
RAREST = 3
"""A feature met with fewer clauses than this is left out."""
STRENGTH = 0.3
"""Inverse of the penalty."""
Row = tuple[list[str], list[str], bool]
"""Words, other features, whether the clause is a labelled reason."""


def choice_of(decision: Decision, document: Document) -> tuple[Span, ...]:
    """The labelled statements of a decision, the best first."""
    said = document.session.utterances
    return tuple(Span(at, start, end, said[at].text[start:end]) for at, start, end in decision.said)


def rows_of(document: Document) -> list[Row]:
    """A row for each clause around each labelled decision."""
    clauses, rows = Clauses(document.session), []
    for decision in (one for found in document.readers for one in found):
        anchor = anchor_of(choice_of(decision, document)[:MOST_SPANS], clauses)
        for clause in clauses.around(anchor.spans):
            places = [*shape_of(clause), *standing_of(clause, anchor, document.session)]
            rows.append((words_of(clause), places, any(_says(clause, one) for one in decision.rationale)))
    return rows


def _says(clause: Clause, label: Place) -> bool:
    """Whether most of the clause lies in a labelled span, or nearly all of that in the clause."""
    if clause.utterance_index != label[0]:
        return False
    shared = min(clause.end_char, label[2]) - max(clause.start_char, label[1])
    return shared > 0.5 * (clause.end_char - clause.start_char) or shared > 0.8 * (label[2] - label[1])


def weights(rows: Sequence[Row]) -> bytes:
    """The content of a weights file for `reason_model`."""
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
    return save(
        {
            "words": _lines(words),
            "places": _lines(places),
            "rarity": rarity.astype(np.float16),
            "word_weights": coefficients[: len(words)].astype(np.float16),
            "place_weights": coefficients[len(words) :].astype(np.float16),
            "intercept": model.intercept_.astype(np.float32),
        }
    )


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
    documents = [one for one in labelled(parser.parse_args().data.resolve().parent) if one.is_learned]
    rows = [row for document in documents for row in rows_of(document)]
    content = weights(rows)
    reason_model(content)
    WEIGHTS.write_bytes(content)
    print(f"{len(documents)} sessions, {len(rows)} clauses, {sum(row[2] for row in rows)} of them reasons")
    print(f"{WEIGHTS.name}: {len(content) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
