"""Pure: texts to terms, in every script. What is written and what is asked go through the same functions.

Terms are what the inverted index holds: words case folded, freed of accents and stemmed as English; of scripts written
without spaces each pair of characters; and of words in other languages also their pieces of four letters. These find
inflected and compound words in every language alike, better than the stemmers of 16 languages do (`bench/language.py`
prints both; McNamee & Mayfield 2004 found the same in eight languages). When terms change, raise TERMS_VERSION.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from threading import Lock

import snowballstemmer

from ingest.language import COMMON_WORDS, FOREIGN_SHARE
from intent_server.search_words import ASKING_UNSPACED, STOP_WORDS
from intent_server.store.terms import PIECE

TERM_LIMIT_CHARS = 64  # longer tokens are hashes and encoded blobs: only their beginning is a term
_WHOLE_RUN_CHARS = 8  # a longer run of a script without spaces is a clause, which nobody asks for as a whole
_PIECE_CHARS = 4
_TELLING_WORDS = 8  # in fewer words a text without common English ones may still be English
_PLAIN_SHARE = 0.6  # where fewer of the tokens are plain words it is code, a list of names, a log

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3041-\u309a\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3131-\u318e\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, kana, Han; and Hangul, whose words carry their particles with them."""
_SIGNS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u0816-\u082d\u0859-\u085b"
    "\u08d3-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09d7\u09e2\u09e3\u0a01-\u0a03"
    "\u0a3c-\u0a51\u0a70\u0a71\u0a75-\u0a83\u0abc-\u0acd\u0ae2\u0ae3\u0b01-\u0b03\u0b3c-\u0b57\u0b62\u0b63\u0b82"
    "\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3e-\u0c56\u0c62\u0c63\u0c81-\u0c83\u0cbc-\u0cd6\u0ce2\u0ce3\u0d00-\u0d03"
    "\u0d3b-\u0d4d\u0d57\u0d62\u0d63\u0d81-\u0d83\u0dca-\u0ddf\u0df2\u0df3\u0f18-\u0f39\u0f71-\u0f84\u0f86-\u0fbc"
    "\u135d-\u135f\u200c\u200d"
)
"""Accents, vowel signs and joiners: part of the word they stand in, though no letters."""
_ASCII_TOKEN = re.compile(r"\w+(?:['./\\:@+#-]+\w+)*")
_WORD = rf"[^\W{_UNSPACED}]+(?:[{_SIGNS}]+[^\W{_UNSPACED}]*)*"
_TOKEN = re.compile(rf"[{_UNSPACED}]+|{_WORD}(?:['’./\\:@+#-]+{_WORD})*")
_RUN = re.compile(rf"[{_UNSPACED}]+")
_SEPARATORS = (re.compile(r"[/\\]+"), re.compile(r"[.:@#+]+"), re.compile("-+"), re.compile("_+"))
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_POSSESSIVE = re.compile("['’][sS]?$")
_SILENT = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u093c\u200c\u200d]"
)
"""Accents, vowel points, the dot of loanwords in Hindi, joiners: written or left out at will."""
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
    | {"ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك"}
)
"""Letters that lose what sets them apart when they are typed in haste, or on another keyboard."""
_ASKING = re.compile("|".join(sorted((word for word in ASKING_UNSPACED if len(word) > 1), key=len, reverse=True)))
_ELISIONS = re.compile("['’-]")


def terms(text: str) -> Counter[str]:
    """Each term of the text with how often it stands there.

    An identifier or path is one term as a whole and again in its parts: `orders.customer_id` gives also `order`,
    `customer_id`, `custom` and `id`. Pieces are taken of words with letters beyond English, and of all plain words
    where the text is clearly not in English.
    """
    return Counter(_each_term(text))


def term_set(text: str) -> frozenset[str]:
    """The terms of the text, uncounted: half the time."""
    return frozenset(_each_term(text))


def _each_term(text: str) -> Iterator[str]:
    tokens = tokens_of(text)
    yield from chain.from_iterable(map(_terms_of, tokens))
    yield from chain.from_iterable(map(_pieces_of, _in_pieces(tokens, text)))


def terms_among(text: str, wanted: Collection[str]) -> Counter[str]:
    """Those of the wanted terms that the text holds, as `terms` gives them; ten times as fast on long texts.

    A plain word's term begins as the word does, so words that begin like none of the terms need no stemming.
    """
    begins = {term[0] for term in wanted}
    every = tokens_of(text)
    tokens = (token for token in every if token[0].lower() in begins or not _is_plain(token))
    found = Counter(chain.from_iterable(map(_terms_of, tokens)))
    if PIECE in begins:
        found.update(chain.from_iterable(map(_pieces_of, _in_pieces(every, text))))
    return Counter({term: count for term, count in found.items() if term in wanted})


def query_terms(text: str) -> Counter[str]:
    """The terms of a question, stop words left out; all its terms when nothing else is in it. No pieces of words."""
    return Counter(chain.from_iterable(map(_terms_of, telling_tokens(text))))


def asked_words(text: str) -> dict[tuple[str, ...], str]:
    """The telling words of a question: the terms of each, the whole first and its pieces last, and how it stands there.

    Of a script without spaces each pair of characters counts as a word, but for words of asking: nothing says where
    another one ends.
    """
    found: dict[tuple[str, ...], str] = {}
    for token in telling_tokens(text):
        if is_unspaced(token):
            for part in [part for part in _ASKING.split(token) if len(part) > 1] or [token]:
                run = _terms_of(part)
                found.update(((pair,), part) for pair in [term for term in run if len(term) == 2] or run)
        else:
            found[*_terms_of(token), *_pieces_of(token)] = token
    return found


def telling_tokens(text: str) -> list[str]:
    """The words of a question as they stand there, stop words left out; all of them when nothing else is in it."""
    tokens = tokens_of(text)
    return [token for token in tokens if _is_telling(token)] or tokens


def says_something(text: str) -> bool:
    """False for a question of stop words alone, as "why?"."""
    return any(_is_telling(token) for token in tokens_of(text))


def is_unspaced(token: str) -> bool:
    """Whether a token is a stretch of a script without spaces."""
    return _RUN.match(token) is not None


def is_piece(term: str) -> bool:
    """Whether a term is only a piece of a word."""
    return term.startswith(PIECE)


def tokens_of(text: str) -> list[str]:
    """The words, identifiers and paths of a text; stretches of a script without spaces."""
    return _ASCII_TOKEN.findall(text) if text.isascii() else _TOKEN.findall(unicodedata.normalize("NFC", text))


def _is_telling(token: str) -> bool:
    return token.casefold().replace("’", "'") not in STOP_WORDS


def _in_pieces(tokens: Sequence[str], text: str) -> Iterable[str]:
    """The tokens of a text that are known by their pieces too."""
    if not _is_english(tokens):
        return tokens
    return () if text.isascii() else (token for token in tokens if not token.isascii())


def _is_english(tokens: Sequence[str]) -> bool:
    """False for a text that is clearly in another language, by the words that every English text is full of."""
    if len(tokens) < _TELLING_WORDS:
        return True
    plain = [token.lower() for token in tokens if token.isalpha()]
    if len(plain) < max(_TELLING_WORDS, _PLAIN_SHARE * len(tokens)):
        return True
    return sum(map(COMMON_WORDS.__contains__, plain)) >= FOREIGN_SHARE * len(plain)


@lru_cache(maxsize=1 << 17)
def _terms_of(token: str) -> tuple[str, ...]:
    """The terms of one token of the text, without repeats, the whole first; no pieces."""
    if _is_plain(token):
        return (_stem(token.lower()),)
    if is_unspaced(token):
        return tuple(dict.fromkeys(_run_terms(_folded(token))))
    whole = _POSSESSIVE.sub("", token)
    return tuple(dict.fromkeys(map(_word_term, _parts_of(whole))))


def _is_plain(token: str) -> bool:
    """True for a word of English letters, at most its first one a capital."""
    return token.isascii() and token.isalpha() and (token.islower() or token[1:].islower())


def _run_terms(run: str) -> Iterator[str]:
    if len(run) <= _WHOLE_RUN_CHARS:
        yield run
    yield from (run[at : at + 2] for at in range(len(run) - 1))


def _parts_of(whole: str) -> list[str]:
    """The token and, level by level, what it is put together from; single letters say nothing and are left out."""
    parts = level = [whole[:TERM_LIMIT_CHARS]]
    for separator in _SEPARATORS:
        level = [part for above in level for part in separator.split(above) if part]
        parts = parts + level
    camel = [part for above in level if above.isascii() and above.isalnum() for part in _CAMEL.findall(above)]
    elided = [tail for above in level for tail in above.replace("’", "'").split("'")[1:] if len(tail) > 2]  # l'équipe
    return parts[:1] + [part for part in dict.fromkeys((*parts[1:], *camel, *elided)) if len(part) > 1]


def _word_term(part: str) -> str:
    folded = _folded(part)
    return _stem(folded) if folded.isalpha() else folded


@lru_cache(maxsize=1 << 15)
def _pieces_of(token: str) -> tuple[str, ...]:
    """The pieces of the plain words in a token, marked as such, their beginning first; none of identifiers."""
    words = [_folded(word[:TERM_LIMIT_CHARS]) for word in _ELISIONS.split(token)]
    if is_unspaced(token) or not all(word.isalpha() or (word and not word.isascii()) for word in words):
        return ()
    found = (f"_{word}" for word in words if len(word) >= _PIECE_CHARS)
    return tuple(dict.fromkeys(PIECE + piece for word in found for piece in _cuts(word)))


def _cuts(word: str) -> Iterator[str]:
    return (word[at : at + _PIECE_CHARS] for at in range(len(word) - _PIECE_CHARS + 1))


def _folded(part: str) -> str:
    """Case folded, without accents, full-width forms as the usual ones."""
    if part.isascii():
        return part.lower()
    bare = _SILENT.sub("", unicodedata.normalize("NFKD", part.casefold()))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


_STEMMER = snowballstemmer.stemmer("english")
_STEMMING = Lock()  # the stemmer keeps its state in itself


def _stem(word: str) -> str:
    with _STEMMING:
        stem: str = _STEMMER.stemWord(word)
    return stem
