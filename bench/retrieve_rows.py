"""Part of `retrieve.py`: one row of the table, the product's figure and those of plain ways to search beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import numpy as np
from embed_quality import Embed, Scores, bm25, cosines, fused, has_minilm, minilm
from embed_tasks import Collection
from retrieve_material import BUNDLED, Material, Place, Question, Task, Turn, Unit
from retrieve_store import fold_weights, rankings

from intent_server.embed import Embedder, bundled, embedder

PLAIN = ("BM25", "vectors", "BM25 + vectors", "MiniLM", "BM25 + MiniLM", "longest")
Ranked = tuple[Sequence[Place], set[Place]]


@dataclass(frozen=True, slots=True)
class Way:
    """How a row is made: the metric definitions, the folder of fold models, the one that keeps MiniLM's vectors.

    `weights`: what `fit_ranking.py` wrote.
    """

    metrics: ModuleType
    embedders: Path | None
    weights: Path | None
    minilm: Path | None
    plain: Sequence[str]


def show(task: Task, way: Way) -> None:
    """Prints the figures of a row, the product's first."""
    asked = sum(len(material.questions) for material in task.materials)
    if not asked:
        print(f"{task.name}: skipped, no such set")
        return
    lacking = [one.model for one in task.materials if way.embedders and not _place(way.embedders, one.model).exists()]
    if lacking:
        print(f"{task.name}: skipped, no model of {', '.join(sorted(set(lacking)))} in {way.embedders}")
        return
    models = sorted({"bundled" if way.embedders is None else one.model for one in task.materials})
    seen = ", weights fitted on these meetings too" if task.is_fitted_on and way.weights is None else ""
    print(f"{task.name}: {asked} questions, aim {task.aim}, embedders {' '.join(models)}{seen}", flush=True)
    _line("search", task, way, [each for one in task.materials for each in _product(one, task.unit, way)])
    for name in way.plain:
        if "MiniLM" not in name or has_minilm():
            _line(name, task, way, [each for one in task.materials for each in _plain(name, one, task.unit, way)])


def _line(name: str, task: Task, way: Way, found: Sequence[tuple[Question, Material, Ranked]]) -> None:
    if found:
        means = (np.mean([_measure(kind, way.metrics, *one) for one in found]) for kind in task.measures)
        print(
            f"  {name:15} " + "  ".join(f"{k} {m:.3f}" for k, m in zip(task.measures, means, strict=True)), flush=True
        )


def _measure(name: str, metrics: ModuleType, question: Question, material: Material, ranked: Ranked) -> float:
    ranking, right = ranked
    if name == "locate":
        texts = [turn.text for turn in material.conversations[question.within or 0]]
        spans = [(turn, turn) for _, turn in right]
        return float(metrics.locate_recall(texts, [turn for _, turn in ranking], spans))
    if name == "MRR":
        return float(metrics.reciprocal_rank(ranking, right))
    kind, depth = name.split("@")
    measure: Callable[..., float] = {"nDCG": metrics.ndcg_at, "recall": metrics.recall_at, "hit": metrics.hit_at}[kind]
    return float(measure(ranking, right, int(depth)))


def _product(material: Material, unit: Unit, way: Way) -> Iterator[tuple[Question, Material, Ranked]]:
    with TemporaryDirectory() as folder:
        model = _model(material.model, way.embedders)
        found = rankings(Path(folder) / "intent.duckdb", material, unit, model, partial(_cut, way.metrics))
        with fold_weights(way.weights, material.model):
            for question, ranked in zip(material.questions, found, strict=True):
                yield question, material, ranked


def _plain(name: str, material: Material, unit: Unit, way: Way) -> Iterator[tuple[Question, Material, Ranked]]:
    """The same questions by a plain ranking of the same texts."""
    homes = sorted({question.within for question in material.questions}, key=lambda home: -1 if home is None else home)
    for home in homes:
        questions = [question for question in material.questions if question.within == home]
        places, texts = _texts(material, unit, home, way.metrics)
        right = [_right(question, places) for question in questions]
        texts_of = Collection(material.model, texts, [question.text for question in questions], right)
        for question, scores, relevant in zip(questions, _scores(name, texts_of, way), right, strict=True):
            best = np.argsort(-scores, kind="stable").tolist()
            ranking = [places[at][0] for at in best]
            yield (
                question,
                material,
                (ranking, {places[at][0] for at in relevant} if unit == "window" else set(question.right)),
            )


def _texts(
    material: Material, unit: Unit, home: int | None, metrics: ModuleType
) -> tuple[list[tuple[Place, range]], list[str]]:
    """What is ranked: for each text its place with the turns that it covers, and the text."""
    places: list[tuple[Place, range]] = []
    texts: list[str] = []
    for number, turns in enumerate(material.conversations):
        if home not in (None, number):
            continue
        if unit == "session":
            places.append(((number, 0), range(len(turns))))
            texts.append("\n".join(turn.text for turn in turns))
        elif unit == "window":
            for first, last, text in _windows(metrics, turns):
                places.append(((number, first), range(first, last + 1)))
                texts.append(text)
        else:
            places += [((number, at), range(at, at + 1)) for at in range(len(turns))]
            texts += [_spoken(turn) for turn in turns]
    return places, texts


def _windows(metrics: ModuleType, turns: Sequence[Turn]) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = metrics.windows([(turn.speaker or "", turn.text) for turn in turns])
    return found


def _cut(metrics: ModuleType, turns: Sequence[Turn]) -> list[tuple[int, int]]:
    return [(first, last) for first, last, _ in _windows(metrics, turns)]


def _spoken(turn: Turn) -> str:
    return f"{turn.speaker}: {turn.text}" if turn.speaker else turn.text


def _right(question: Question, places: Sequence[tuple[Place, range]]) -> frozenset[int]:
    return frozenset(
        at for at, ((number, _), turns) in enumerate(places) if any((number, turn) in question.right for turn in turns)
    )


def _scores(name: str, texts: Collection, way: Way) -> list[Scores]:
    if name == "longest":
        return [np.array([math.log(1 + len(text.split())) for text in texts.texts])] * len(texts.queries)
    words = bm25(texts) if "BM25" in name else []
    if name == "BM25":
        return words
    vectors = cosines(texts, _embed(name, texts.model, way))
    return fused(words, vectors) if words else vectors


def _embed(name: str, model: str, way: Way) -> Embed:
    return _minilm(way.minilm) if "MiniLM" in name else _model(model, way.embedders).embed


@cache
def _minilm(kept: Path | None) -> Embed:
    return minilm(kept)(Collection(BUNDLED, [], [], []))


@cache
def _model(name: str, folder: Path | None) -> Embedder:
    """The model of a fold; the bundled one for what no model was trained on, or where there is no folder."""
    if folder is None or name == BUNDLED:
        return bundled()
    contents = (_place(folder, name).with_name(part).read_bytes() for part in ("model.safetensors", "tokenizer.json"))
    return embedder(*contents, name=name)


def _place(folder: Path, name: str) -> Path:
    """Where a fold's weights lie; for the bundled model, its own folder."""
    if name == BUNDLED:
        return Path(__file__).parents[1] / "intent_server" / "model" / "model.safetensors"
    return folder / name / "model.safetensors"
