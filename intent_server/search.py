"""Pure search: texts to terms, sessions to windows, keyword and vector ranks to one order.

Terms are what the inverted index holds; a window is what is indexed of a conversation. What is written and what is
asked go through the same functions here, so that they meet.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from threading import Lock

import numpy as np
import numpy.typing as npt
import snowballstemmer

from ingest.records import Candidate, Session, Utterance
from ingest.text import sentences

Floats = npt.NDArray[np.float32]

WINDOW_WORDS = 100  # a window is closed once it holds this many
LONG_UTTERANCE_WORDS = 180  # a longer one is indexed in pieces of about WINDOW_WORDS
TERM_LIMIT_CHARS = 64  # longer tokens are hashes and encoded blobs: only their beginning is a term

_SPOKEN = frozenset({"person", "assistant", "summary", "document"})
_DIALOGS = frozenset({"AskUserQuestion", "ExitPlanMode", "request_user_input", "ask_followup_question"})
_SMALL_SECTION_WORDS = 25  # a shorter section of a document is indexed together with the next one

_TOKEN = re.compile(r"\w+(?:['’./\\:@+#-]+\w+)*")
_SEPARATORS = (re.compile(r"[/\\]+"), re.compile(r"[.:@#+]+"), re.compile("-+"), re.compile("_+"))
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# Zoom's chat writes these; the quoted beginning of another message would make each reaction a better hit than it.
_REACTION = re.compile(r"Reacted to .{1,80} with \S.{0,11}|Removed an? .{1,12} reaction from .{1,80}", re.DOTALL)
_REPLY = re.compile(r'^Replying to ["“].{1,80}?["”]\s*(?=\S)', re.DOTALL)
_POSSESSIVE = re.compile("['’][sS]?$")
_MARKS = re.compile("[\u0300-\u036f]")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]{2,}")


def terms(text: str) -> Counter[str]:
    """Each term of the text with how often it stands there.

    Words are case folded, freed of accents and stemmed as English; of scripts written without spaces each pair of
    characters is a term. An identifier or path is one term as a whole and again in its pieces: `orders.customer_id`
    gives also `order`, `customer_id`, `custom` and `id`.
    """
    return Counter(chain.from_iterable(map(_terms_of, _TOKEN.findall(text))))


def terms_among(text: str, wanted: Collection[str]) -> Counter[str]:
    """Those of the wanted terms that the text holds, as `terms` gives them; ten times as fast on long texts.

    A plain word's term begins as the word does, so words that begin like none of the terms need no stemming.
    """
    begins = {term[0] for term in wanted}
    tokens = (token for token in _TOKEN.findall(text) if token[0].lower() in begins or not _is_plain(token))
    found = Counter(chain.from_iterable(map(_terms_of, tokens)))
    return Counter({term: count for term, count in found.items() if term in wanted})


def query_terms(text: str) -> Counter[str]:
    """The terms of a question, stop words left out; all its terms when nothing else is in it."""
    return Counter(chain.from_iterable(token_terms(text)))


def token_terms(text: str) -> list[tuple[str, ...]]:
    """The terms of each word of a question, the whole before its pieces; stop words as in `query_terms`."""
    return [_terms_of(token) for token in telling_tokens(text)]


def telling_tokens(text: str) -> list[str]:
    """The words of a question as they stand there, stop words left out; all of them when nothing else is in it."""
    tokens = _TOKEN.findall(text)
    return [token for token in tokens if _is_telling(token)] or tokens


def says_something(text: str) -> bool:
    """False for a question of stop words alone, as "why?"."""
    return any(_is_telling(token) for token in _TOKEN.findall(text))


def _is_telling(token: str) -> bool:
    return token.casefold().replace("’", "'") not in STOP_WORDS


@lru_cache(maxsize=1 << 17)
def _terms_of(token: str) -> tuple[str, ...]:
    """The terms of one token of the text, without repeats, the whole first."""
    if _is_plain(token):
        return (_stem(token.lower()),)
    whole = _POSSESSIVE.sub("", token)
    return tuple(dict.fromkeys(chain.from_iterable(map(_piece_terms, dict.fromkeys(_pieces_of(whole))))))


def _is_plain(token: str) -> bool:
    """True for a word of English letters, at most its first one a capital."""
    return token.isascii() and token.isalpha() and (token.islower() or token[1:].islower())


def _pieces_of(whole: str) -> list[str]:
    """The token and, level by level, what it is put together from; single letters say nothing and are left out."""
    pieces = level = [whole[:TERM_LIMIT_CHARS]]
    for separator in _SEPARATORS:
        level = [part for piece in level for part in separator.split(piece) if part]
        pieces = pieces + level
    camel = [part for piece in level if piece.isascii() and piece.isalnum() for part in _CAMEL.findall(piece)]
    elided = [tail for piece in level for tail in piece.replace("’", "'").split("'")[1:] if len(tail) > 2]  # l'équipe
    return pieces[:1] + [piece for piece in (*pieces[1:], *camel, *elided) if len(piece) > 1]


def _piece_terms(piece: str) -> Iterator[str]:
    plain = _plain(piece)
    yield _stem(plain) if plain.isalpha() else plain
    for run in _UNSPACED.findall(plain):
        yield from (run[i : i + 2] for i in range(len(run) - 1))


def _plain(piece: str) -> str:
    """Case folded, without accents."""
    if piece.isascii():
        return piece.lower()
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", piece.casefold()))
    return unicodedata.normalize("NFC", bare)


_STEMMER = snowballstemmer.stemmer("english")
_STEMMING = Lock()  # the stemmer keeps its state in itself


def _stem(word: str) -> str:
    with _STEMMING:
        stem: str = _STEMMER.stemWord(word)
    return stem


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive utterances that are indexed as one, both ends included; or one piece of a long utterance."""

    first_utterance: int
    last_utterance: int
    text: str


def windows(session: Session) -> tuple[Window, ...]:
    """The windows of a session, in order: about WINDOW_WORDS each, never across review threads or sections.

    Indexed are people, assistants, summaries, documents and the dialogs in which an agent asks a person; what tools
    return, reasoning and text put in by a tool are not.
    """
    return windows_of(session.utterances)


def windows_of(utterances: Iterable[Utterance]) -> tuple[Window, ...]:
    """The windows of a session's utterances, given in order."""
    made: list[Window] = []
    held: list[Utterance] = []
    words = 0
    for utterance in filter(_is_indexed, utterances):
        if held and _parts_from(held[-1], utterance, words):
            made.append(_window(held))
            held, words = [], 0
        length = len(utterance.text.split())
        if length > LONG_UTTERANCE_WORDS:
            made += [_window(held)] if held else []
            made += _pieces(utterance)
            held, words = [], 0
            continue
        held.append(utterance)
        words += length
        if words >= WINDOW_WORDS:
            made.append(_window(held))
            held, words = [], 0
    return (*made, _window(held)) if held else tuple(made)


def own_words(text: str) -> str:
    """An utterance of a chat without what it only repeats: nothing of a reaction, an answer without its quote."""
    return "" if _REACTION.fullmatch(text) else _REPLY.sub("", text)


def _is_indexed(utterance: Utterance) -> bool:
    if _REACTION.fullmatch(utterance.text):
        return False
    return utterance.role in _SPOKEN or (utterance.role == "tool_call" and utterance.topic in _DIALOGS)


def _parts_from(last: Utterance, utterance: Utterance, words: int) -> bool:
    """True when a window that ends in `last` must not go on with `utterance`."""
    if last.role == "document" and utterance.role == "document":
        return last.topic != utterance.topic and words >= _SMALL_SECTION_WORDS
    if "tool_call" in (last.role, utterance.role):
        return False
    return last.topic != utterance.topic


def _window(utterances: Sequence[Utterance]) -> Window:
    lines = [utterances[0].topic] if utterances[0].topic else []
    lines += [_line(utterance, own_words(utterance.text)) for utterance in utterances]
    return Window(utterances[0].index, utterances[-1].index, "\n".join(lines))


def _line(utterance: Utterance, text: str) -> str:
    return f"{utterance.speaker}: {text}" if utterance.speaker and utterance.role == "person" else text


def _pieces(utterance: Utterance) -> Iterator[Window]:
    """Windows over the sentences of one long utterance, each with its topic before it."""
    head = f"{utterance.topic}\n" if utterance.topic else ""
    start, words = None, 0
    for left, right in sentences(utterance.text):
        start = left if start is None else start
        words += len(utterance.text[left:right].split())
        if words >= WINDOW_WORDS:
            yield Window(utterance.index, utterance.index, head + _line(utterance, utterance.text[start:right]))
            start, words = None, 0
    if start is not None:
        yield Window(utterance.index, utterance.index, head + _line(utterance, utterance.text[start:]))


def decision_text(candidate: Candidate) -> str:
    """What is indexed of a decision: its subject and the words of its parts, in order."""
    quotes = (part.spans[0].quote for part in candidate.parts if part.spans)
    return "\n".join((candidate.subject, *quotes))


VECTOR_WEIGHT = 0.5  # of 0.3 to 0.6 the best on the QMSum validation queries (bench/retrieve.py), by a hair
NEIGHBOUR_WEIGHT = 0.25  # what a window gets of the windows before and after it; same bench, 0.474 to 0.484 nDCG@10


def cosines(codes: npt.NDArray[np.int8], norms: Floats, vector: Floats) -> Floats:
    """How near each coded row is to a unit vector.

    Shape: codes (n, dimensions), norms (n,) = L2 norms of the rows; gives (n,) float32.
    Rows are widened a thousand at a time so that they stay in the processor's cache: 10 ms for 100,000 of 256, against
    16 ms for a float32 copy of four times the memory, and 48 ms in blocks of 16,000.
    """
    found = np.empty(len(codes), dtype=np.float32)
    wide = np.empty((min(_BLOCK_ROWS, len(codes)), codes.shape[1]), dtype=np.float32)
    for start in range(0, len(codes), _BLOCK_ROWS):
        block = codes[start : start + _BLOCK_ROWS]
        np.copyto(wide[: len(block)], block)
        np.matmul(wide[: len(block)], vector, out=found[start : start + len(block)])
    nearness: Floats = (found / np.maximum(norms, 1e-6)).astype(np.float32)
    return nearness


def with_neighbours(values: Floats, follows: npt.NDArray[np.bool_]) -> Floats:
    """Each value and a part of those just before and after it in the same conversation.

    Shape: (n,). `follows[i]`: row i goes on from row i - 1.
    """
    spread = values.copy()
    spread[1:] += NEIGHBOUR_WEIGHT * values[:-1] * follows[1:]
    spread[:-1] += NEIGHBOUR_WEIGHT * values[1:] * follows[1:]
    return spread


def fuse(keyword: Mapping[int, float], meaning: Mapping[int, float], *, background: float) -> dict[int, float]:
    """One score from 0 to 1 for each document that either ranking found.

    `keyword`: BM25 scores; a document without one has none of the words. `meaning`: nearness of all documents in
    question; `background` is what an unrelated one has. Each is stretched to 0..1 and they are added by weight.
    """
    top_word = max(keyword.values(), default=0.0) or 1.0
    top_meaning = max(max(meaning.values(), default=0.0) - background, 1e-6)
    return {
        document: (1 - VECTOR_WEIGHT) * keyword.get(document, 0.0) / top_word
        + VECTOR_WEIGHT * max(0.0, meaning.get(document, background) - background) / top_meaning
        for document in {**keyword, **meaning}
    }


_BLOCK_ROWS = 1024

STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are aren't as at be because been before being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each else
    ever few for from further get give given got had hadn't has hasn't have haven't having he he'd he'll he's her here
    here's hers herself him himself his how how's i i'd i'll i'm i've if in into is isn't it it's its itself just
    let's like me might more most much must my myself no nor not of off on once one only or other ought our ours
    ourselves out over own please said same say says shall she she'd she'll she's should shouldn't so some such tell
    than that that's the their theirs them themselves then there there's these they they'd they'll they're they've
    this those through to too under until up us very was wasn't we we'd we'll we're we've were weren't what what's
    when when's where where's which while who who's whom whose why why's will with won't would wouldn't you you'd
    you'll you're you've your yours yourself yourselves
    """.split()
)
"""English words that carry no subject. Left out of questions only: the index holds every word."""
