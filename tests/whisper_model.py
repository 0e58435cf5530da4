"""A Whisper of random weights in CTranslate2 form with a tokenizer of its own: the true path, without any download.

Its words mean nothing; what they come from is real: mel features, encoder, beam search under Whisper's rules for
timestamps, alignment of words, log-probabilities. Sizes and special tokens are laid out as in the multilingual models,
for CTranslate2 tells these by the number of their tokens, and later versions by the empty one among them. The end of
the text is made likely, so that it comes soon.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import WhisperSpec
from faster_whisper.tokenizer import _LANGUAGE_CODES
from numpy.typing import NDArray
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

_Part = Any
"""A part of a specification: CTranslate2 publishes no types."""

WIDTH, HEADS, LAYERS, MELS = 16, 2, 2, 80
_TEXT_TOKENS = 50_257
_LANGUAGES = 99
_TIMESTAMPS = 1_501
_SPECIAL = ("<|endoftext|>", "<|startoftranscript|>")
_TASKS = ("<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>")


def tiny_whisper(folder: Path, *, seed: int = 3, ends: float = 30.0, sharp: float = 2.0) -> Path:
    """A model folder.

    `ends`: how much likelier than a word the end of the text is, as a logit. `sharp`: how sure it is of its words;
    with (30, 2) Whisper's own limits trust them, with (8, 0.5) they do not.
    """
    folder.mkdir(parents=True)
    tokens = [*_text_tokens(), *_SPECIAL, *_language_tokens(), *_TASKS]
    tokenizer(tokens).save(str(folder / "tokenizer.json"))
    tokens += [f"<|{at * 0.02:.2f}|>" for at in range(_TIMESTAMPS)]
    spec = WhisperSpec(LAYERS, HEADS, LAYERS, HEADS)
    _fill(spec, np.random.default_rng(seed), tokens, ends, sharp)
    spec.register_vocabulary(tokens)
    languages = [tokens.index(token) for token in _language_tokens()]
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [tokens.index("<|endoftext|>")]
    spec.config.lang_ids = languages
    spec.config.alignment_heads = [(layer, head) for layer in range(1, LAYERS) for head in range(HEADS)]
    spec.validate()
    spec.save(str(folder))
    (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": MELS, "sampling_rate": 16_000}))
    return folder


def tokenizer(tokens: list[str]) -> Tokenizer:
    """Bytes, made-up words and the special tokens, each with the number that its place gives it."""
    plain = {token: at for at, token in enumerate(tokens) if not token.startswith("<|")}
    made = Tokenizer(models.BPE(vocab=plain, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    special = [token for token in tokens if token.startswith("<|")]
    made.add_special_tokens([AddedToken(token, special=True) for token in special])
    return made


def _language_tokens() -> list[str]:
    return [f"<|{code}|>" for code in _LANGUAGE_CODES[:_LANGUAGES]]


def _text_tokens() -> list[str]:
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    syllables = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
    words = itertools.chain.from_iterable(itertools.product(syllables, repeat=size) for size in range(1, 4))
    made = ("Ġ" + "".join(word) for word in words)
    return [*letters, *itertools.islice(made, _TEXT_TOKENS - len(letters) - 1), ""]


def _fill(spec: WhisperSpec, random: np.random.Generator, tokens: list[str], ends: float, sharp: float) -> None:
    weights = _Weights(random)
    for conv, given in ((spec.encoder.conv1, MELS), (spec.encoder.conv2, WIDTH)):
        conv.weight, conv.bias = weights(WIDTH, given, 3), weights(WIDTH, scale=0.02)
    for side, places in ((spec.encoder, 1_500), (spec.decoder, 448)):
        side.position_encodings.encodings = weights(places, WIDTH, scale=0.5)
        weights.norm(side.layer_norm)
    for layer in spec.encoder.layer:
        weights.layer(layer, layer.self_attention)
    for layer in spec.decoder.layer:
        weights.layer(layer, layer.self_attention, layer.attention)
    spec.decoder.embeddings.weight = weights(len(tokens), WIDTH, scale=0.5)
    spec.decoder.projection.weight = weights(len(tokens), WIDTH, scale=sharp)
    spec.decoder.projection.bias = np.zeros(len(tokens), np.float32)
    spec.decoder.projection.bias[tokens.index("<|endoftext|>")] = ends


class _Weights:
    """Random weights, and layers filled with them."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random

    def __call__(self, *shape: int, scale: float = 0.3) -> NDArray[np.float32]:
        return (self._random.standard_normal(shape) * scale).astype(np.float32)

    def layer(self, layer: _Part, *attentions: _Part) -> None:
        for attention in attentions:
            self.norm(attention.layer_norm)
            shapes = (3, 1) if len(attention.linear) == 2 else (1, 2, 1)
            for one, times in zip(attention.linear, shapes, strict=True):
                self.linear(one, times * WIDTH, WIDTH)
        self.norm(layer.ffn.layer_norm)
        self.linear(layer.ffn.linear_0, 4 * WIDTH, WIDTH)
        self.linear(layer.ffn.linear_1, WIDTH, 4 * WIDTH)

    def norm(self, layer: _Part) -> None:
        layer.gamma, layer.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)

    def linear(self, layer: _Part, out: int, given: int) -> None:
        layer.weight, layer.bias = self(out, given), self(out, scale=0.02)
