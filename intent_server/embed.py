"""Texts to unit vectors, by the bundled static model: token rows, averaged.

The model is a sentence-transformers `StaticEmbedding` directory (`intent_server/model`, its card is README.md there),
read with tokenizers, safetensors and NumPy alone; the vectors are those sentence-transformers computes from it. No
text depends on the others of its batch, and an `Embedder` may be used by several threads at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from threading import Lock

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load
from tokenizers import Tokenizer

from ingest.fingerprint import fingerprint_of_bytes

DIMENSIONS: int = 256
TEXT_LIMIT_CHARS: int = 65_536  # the rest of a longer text is not looked at: a mean over 10,000 words has settled
_BATCH_CHARS = 1_000_000  # tokenised at once: bounds the memory of a bulk run to some 100 MB
_INT8_SIGMAS = 4.5  # a component of a unit vector beyond so many sigma is clipped

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Embedder:
    """A named model and the function that applies it.

    `revision` is the fingerprint of weights and tokenizer: stored beside the vectors, so that those of two models are
    never compared.
    """

    name: str
    revision: str
    dimensions: int
    embed: Callable[[Sequence[str]], Vectors]


def bundled() -> Embedder:
    """The model inside the package, loaded once per process, at the first call."""
    with _LOADING:
        return _bundled()


def embedder(weights: bytes, tokenizer: bytes, *, name: str) -> Embedder:
    """An embedder from the contents of `model.safetensors` and `tokenizer.json`.

    `weights` holds int8 `embeddings`, a row per token, and float32 `weights`, one scale per row.
    """
    tensors = load(weights)
    table = _Table(codes=tensors["embeddings"], scales=tensors["weights"])
    return Embedder(
        name=name,
        revision=fingerprint_of_bytes([weights, tokenizer]),
        dimensions=table.codes.shape[1],
        embed=partial(_embed, table, _tokenizer(tokenizer)),
    )


def int8_codes(vectors: Vectors) -> npt.NDArray[np.int8]:
    """Unit vectors as int8, one scale for all, so that integer dot products rank as cosines do.

    Shape: that of `vectors`; the scale depends on the length of its last axis alone.
    """
    scale = 127 / (_INT8_SIGMAS / vectors.shape[-1] ** 0.5)
    codes: npt.NDArray[np.int8] = np.clip(np.rint(vectors * scale), -127, 127).astype(np.int8)
    return codes


@dataclass(frozen=True, slots=True)
class _Table:
    """Token rows as stored; row i is `codes[i] * scales[i]`. Unfolding them all would take 25 ms and 28 MB more."""

    codes: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float32]

    def mean(self, ids: Sequence[int]) -> Vectors:
        shares = self.scales.take(ids) / np.float32(len(ids))
        return shares @ self.codes.take(ids, axis=0).astype(np.float32)


_LOADING = Lock()


@cache
def _bundled() -> Embedder:
    folder = files("intent_server") / "model"
    weights, tokenizer = ((folder / part).read_bytes() for part in ("model.safetensors", "tokenizer.json"))
    return embedder(weights, tokenizer, name="bundled-static-v1")


def _tokenizer(content: bytes) -> Tokenizer:
    tokenizer = Tokenizer.from_buffer(content)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _embed(table: _Table, tokenizer: Tokenizer, texts: Sequence[str]) -> Vectors:
    """One unit vector per text, in the order given.

    Shape: (len(texts), dimensions) float32; (0, dimensions) for no texts.
    Units: rows have L2 norm 1, so a dot product is a cosine; a text without known tokens (empty, only emoji) is a row
    of zeros. Of a longer text the first TEXT_LIMIT_CHARS code points count.
    """
    vectors = np.zeros((len(texts), table.codes.shape[1]), dtype=np.float32)
    row = 0
    for batch in _batches(texts):
        for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            if ids := encoding.ids:
                vectors[row] = table.mean(ids)
            row += 1
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.where(norms > 0, norms, np.float32(1))
    return vectors


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts in order, cut to size, in lists of at most _BATCH_CHARS code points (or one text)."""
    batch: list[str] = []
    held_chars = 0
    for text in map(_readable, texts):
        if batch and held_chars + len(text) > _BATCH_CHARS:
            yield batch
            batch, held_chars = [], 0
        batch.append(text)
        held_chars += len(text)
    if batch:
        yield batch


def _readable(text: str) -> str:
    """The part that counts; half a surrogate pair, which UTF-8 cannot carry, becomes "?"."""
    text = text[:TEXT_LIMIT_CHARS]
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
