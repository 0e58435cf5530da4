"""The language of what people say: as the source states it, else recognised from the words themselves.

Code, quotations, addresses and identifiers are of no language and are left out first. English is known by its commonest
words; only where they are too few is py3langid asked, whose model takes a second and 100 MB to load. The thresholds
are those of `bench/language.py`, which prints what they cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

from ingest.language_names import known
from ingest.records import Session, Utterance

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ENGLISH = "en"
COMMON_WORDS = frozenset(
    (
        "the", "and", "of", "to", "is", "that", "we", "it", "you", "this", "for", "with", "have", "are", "be",
        "not", "what", "but", "do", "can", "they", "there", "just", "if", "will", "would", "from", "i", "a",
        "let's", "use", "i'd", "i'm", "i'll", "it's", "we'll", "we're", "we've", "don't", "that's", "should",
        "could", "one", "when", "how", "or", "has", "been", "your", "my", "their", "keep", "get", "make", "all",
        "yes", "okay", "yeah",
    )
)  # fmt: skip
FOREIGN_SHARE = 0.15
"""They make up two fifths of English talk, a tenth of Dutch and less of German, French or Spanish."""
_ENGLISH_SHARE, _MANY_WORDS, _ENGLISH_SHARE_OF_MANY = 0.3, 24, 0.2
"""At these shares the recogniser is not asked: no stretch of 12, of 24 words in 20 other languages reaches them."""
_ENOUGH_WORDS = 6
_SURE, _SURE_OF_ONE = 0.5, 0.7
"""Probabilities from which a session, a single utterance, is taken to be in the language recognised."""
_LOOKED_AT_TEXTS, _LOOKED_AT_WORDS = 400, 3_000
_LOREM = frozenset({"la", "eo"})
"""Languages in which no team talks, but for which placeholder text and lists of names are taken."""

_SAYS = frozenset({"person", "document"})
_NOT_SAID = re.compile(r"```(?s:.*?)(?:```|\Z)|`[^`\n]*`|^[ \t]*>.*$|^(?: {4}|\t)\S.*$|\bhttps?://\S+", re.MULTILINE)
_EDGES = re.compile(r"^[\W_]++|(?<![\W_])[\W_]++$")  # a run of marks is looked at once: linear time
_LATIN = re.compile(r"[^\W\d_](?:[^\W\d_A-Z]|['’-](?=[^\W\d_]))*")
"""A word of which at most the first letter is a capital: `API`, `useEffect` and `a_b` are names in any language."""
_OTHER_SCRIPT = re.compile("[\u0370-\U0010ffff]")
_IN_ASCII = re.compile("[!-~]+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0002ffff]")
_CHARS_A_WORD = 2
"""Of scripts without spaces; a Thai word has some four, a Chinese one two."""


def of_session(session: Session) -> str | None:
    """The BCP 47 primary tag of a session's language; None when neither its source nor its words tell.

    What the source states holds, unless the words speak against it on whether that is English: Whisper states the
    language it heard when it was told to translate, and a meeting's setting may be another than what is spoken.
    """
    heard, stated = heard_in(session.utterances), session.language
    if stated is None or (heard is not None and (heard == ENGLISH) != (stated == ENGLISH)):
        return heard
    return stated


def heard_in(utterances: Iterable[Utterance]) -> str | None:
    """The language that people speak in these utterances; what agents and tools say does not count."""
    return recognised(utterance.text for utterance in utterances if utterance.role in _SAYS)


def recognised(texts: Iterable[str]) -> str | None:
    """The language that most of these texts are in; None when there is too little text to tell."""
    given = [text for text in texts if not text.isspace()]
    spread = given[:: 1 + len(given) // _LOOKED_AT_TEXTS]
    words = list(islice(_said(spread), _LOOKED_AT_WORDS))
    if _length(words) < _ENOUGH_WORDS:
        return None
    if _common_share(words) >= (_ENGLISH_SHARE if len(words) < _MANY_WORDS else _ENGLISH_SHARE_OF_MANY):
        return ENGLISH
    language, probability = _classified(" ".join(words))
    return language if probability >= _SURE else None


def is_foreign(text: str) -> bool:
    """Whether one utterance is clearly in another language than English."""
    words = list(_said([text]))
    if _length(words) < _ENOUGH_WORDS or _common_share(words) >= FOREIGN_SHARE:
        return False
    language, probability = _classified(" ".join(words))
    return language != ENGLISH and probability >= _SURE_OF_ONE


def may_be_foreign(text: str) -> bool:
    """Whether an utterance is long enough for `is_foreign` and holds few common English words; quick."""
    words = text.lower().replace("’", "'").split()
    if len(words) < _ENOUGH_WORDS:
        return not text.isascii() and len(text) >= _ENOUGH_WORDS * _CHARS_A_WORD
    return sum(map(COMMON_WORDS.__contains__, words)) < FOREIGN_SHARE * len(words)


def _said(texts: Iterable[str]) -> Iterator[str]:
    """The words that people said in their language, as they stand."""
    for text in texts:
        for chunk in _NOT_SAID.sub(" ", text).split():
            core = _EDGES.sub("", chunk)
            if not core.isascii() and _OTHER_SCRIPT.search(core):
                if other := _IN_ASCII.sub("", core):
                    yield other
            elif _LATIN.fullmatch(core):
                yield core


def _length(words: Iterable[str]) -> int:
    """How many words these are, those of scripts without spaces counted by their characters."""
    return sum(max(1, len(_UNSPACED.findall(word)) // _CHARS_A_WORD) for word in words)


def _common_share(words: Sequence[str]) -> float:
    return sum(word.lower().replace("’", "'") in COMMON_WORDS for word in words) / len(words)


_ASKING = Lock()


def _classified(text: str) -> tuple[str, float]:
    with _ASKING:  # loaded once, whichever thread comes first
        language, probability = _identifier().classify(text)
    return str(language), float(probability)


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  half a second, and seldom needed

    made = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    made.set_languages(sorted(known() & set(made.labels) - _LOREM))
    return made
