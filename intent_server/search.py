"""Pure search: texts to terms, sessions to windows, keyword and vector ranks to one order.

Terms are what the inverted index holds; a window is what is indexed of a conversation. What is written and what is
asked go through the same functions here, so that they meet.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from threading import Lock

import snowballstemmer

from ingest.records import Candidate, Session, Utterance
from ingest.text import sentences

WINDOW_WORDS = 90  # a window is closed once it holds this many; 80 to 100 did best on the QMSum meetings
LONG_UTTERANCE_WORDS = 180  # a longer one is indexed in pieces of about WINDOW_WORDS
TERM_LIMIT_CHARS = 64  # longer tokens are hashes and encoded blobs: only their beginning is a term

_SPOKEN = frozenset({"person", "assistant", "summary", "document"})
_DIALOGS = frozenset({"AskUserQuestion", "ExitPlanMode", "request_user_input", "ask_followup_question"})
_SMALL_SECTION_WORDS = 25  # a shorter section of a document is indexed together with the next one

_TOKEN = re.compile(r"\w+(?:['’./\\:@+#-]+\w+)*")
_SEPARATORS = (re.compile(r"[/\\]+"), re.compile(r"[.:@#+]+"), re.compile("-+"), re.compile("_+"))
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
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


def query_terms(text: str) -> Counter[str]:
    """The terms of a question, stop words left out; all its terms when nothing else is in it."""
    words = [word for word in _TOKEN.findall(text) if word.casefold().replace("’", "'") not in STOP_WORDS]
    return Counter(chain.from_iterable(map(_terms_of, words))) or terms(text)


@lru_cache(maxsize=1 << 17)
def _terms_of(token: str) -> tuple[str, ...]:
    """The terms of one token of the text, without repeats, the whole first."""
    if token.isascii() and token.isalpha() and (token.islower() or token[1:].islower()):
        return (_stem(token.lower()),)
    whole = _POSSESSIVE.sub("", token)
    return tuple(dict.fromkeys(chain.from_iterable(map(_piece_terms, dict.fromkeys(_pieces_of(whole))))))


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


def _is_indexed(utterance: Utterance) -> bool:
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
    lines += [_line(utterance, utterance.text) for utterance in utterances]
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
    """.split()  # noqa: SIM905, a hundred quoted words would be no easier to read
)
"""English words that carry no subject. Left out of questions only: the index holds every word."""
