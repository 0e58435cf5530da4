"""What the sentence-type model sees of a sentence: runs of words, of stems, of word shapes and of valence.

Shared by training (`sentence_model.py`) and by `sentence_types`, so that both see the same. The fifth part,
`valence_counts`, is numbers and stands in `valence`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from threading import Lock

import snowballstemmer
from valence import NEGATIONS, kind_of

_TOKEN = re.compile(r"https?:\S+|[a-z]+(?:'[a-z]+)?|[?!:;()\[\]{}<>=+#@|\"]|\d+|[.,]", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")
_ENDINGS = "ing ed ly s er est able tion ment ive ity".split()
_LENGTHS = (3, 5, 8, 12, 18, 28)
_FUNCTION_WORDS = frozenset(
    """
    a an the i we you it this that they he she my our your is are was were be am been will would can could should may
    might must have has had do does did no not don't cannot can't doesn't didn't won't isn't of to in on for with by
    from as at into if when because since so but and or than then also only just too very more less most already still
    yet now there here what which who how why where all any some each every other another instead
    """.split()
)
_OPEN, _CLOSE = "<s>", "</s>"
_NEGATED_WORDS = 4
_PART_END = frozenset(".;:!?()")
_STEMMER = snowballstemmer.stemmer("english")
_STEMMING = Lock()  # the stemmer keeps its state in itself
_WORDS_KEPT = 50_000


def word_runs(text: str) -> list[str]:
    """Words and marks in small letters, one and two at a time, with the sentence's two ends."""
    return _runs([_OPEN, *(_plain(token) for token in _tokens(text)), _CLOSE], 2)


def stem_runs(text: str) -> list[str]:
    """Stems, one and two at a time; and each stem that "not" or "less" reaches, marked so."""
    words = [_plain(token) for token in _tokens(text)]
    stems = [_stem(word) for word in words]
    return [*_runs([_OPEN, *stems], 2), *(f"NOT_{stems[place]}" for place in _negated(words))]


def shape_runs(text: str) -> list[str]:
    """Function words as they are, others as shape and ending ("We", "Aa-ed"), up to three at a time, and the length."""
    tokens = _tokens(text)
    last = text.strip()[-1:]
    return [
        *_runs([_OPEN, *(_shape_and_ending(token) for token in tokens), _CLOSE], 3),
        *(f"shorter than {length}" for length in _LENGTHS if len(tokens) < length),
        f"ends {'letter' if last.isalnum() else last}",
        f"opens {_shape(tokens[0]) if tokens else ''}",
        f"sentences {min(4, len(_SENTENCE_END.findall(text)))}",
    ]


def valence_runs(text: str) -> list[str]:
    """Up to three of: the sign of a word that speaks for or against, a function word, a mark, `x` for other words."""
    signs = [_sign(_plain(token)) for token in _tokens(text)]
    kept = [sign for place, sign in enumerate(signs) if sign != "x" or place == 0 or signs[place - 1] != "x"]
    return _runs([_OPEN, *kept, _CLOSE], 3)


BLOCKS: Mapping[str, Callable[[str], list[str]]] = {
    "w": word_runs,
    "n": stem_runs,
    "s": shape_runs,
    "v": valence_runs,
}
"""Each block is weighted and made to length 1 by itself."""


@lru_cache(maxsize=8)  # the blocks read one text after the other
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(text))


def _negated(words: Sequence[str]) -> list[int]:
    """Places of the words among the four tokens after a negation, up to a mark that ends its part of the sentence."""
    places: list[int] = []
    left = 0
    for place, word in enumerate(words):
        if left and word.isalpha():
            places.append(place)
        left = _NEGATED_WORDS if word in NEGATIONS else 0 if word in _PART_END else max(0, left - 1)
    return places


def _runs(tokens: Sequence[str], longest: int) -> list[str]:
    runs = list(tokens)
    joined = runs
    for n in range(1, longest):
        joined = [f"{one} {next_one}" for one, next_one in zip(joined, tokens[n:], strict=False)]
        runs += joined
    return runs


def _plain(token: str) -> str:
    if token[:4].lower() == "http" and len(token) > 5:
        return "URL"
    return "0" if token.isdigit() else token.lower()


def _shape(token: str) -> str:
    if not token.isalpha():
        return "0" if token.isdigit() else token if len(token) == 1 else "a" if token[0].isalpha() else "?"
    if token.islower():
        return "a"
    if token.isupper():
        return "A" if len(token) > 1 else "Aa"
    return "Aa" if token[0].isupper() and token[1:].islower() else "aA"


@lru_cache(maxsize=_WORDS_KEPT)
def _shape_and_ending(token: str) -> str:
    word = token.lower()
    if word in _FUNCTION_WORDS:
        return word
    if word.startswith("http") and len(word) > 5:
        return "URL"
    ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) > len(one) + 2), "")
    return f"{_shape(token)}-{ending}"


@lru_cache(maxsize=_WORDS_KEPT)
def _sign(word: str) -> str:
    return kind_of(word) or (word if word in _FUNCTION_WORDS or not word[0].isalpha() else "x")


@lru_cache(maxsize=_WORDS_KEPT)
def _stem(word: str) -> str:
    with _STEMMING:
        return str(_STEMMER.stemWord(word))
