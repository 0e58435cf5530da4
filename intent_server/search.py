"""Pure search: sessions to windows, keyword and vector ranks to one order.

A window is what is indexed of a conversation; `search_terms` says by which terms it is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.records import Candidate, Session, Utterance
from ingest.text import sentences
from intent_server.search_terms import query_terms as query_terms
from intent_server.search_terms import says_something as says_something
from intent_server.search_terms import telling_tokens as telling_tokens
from intent_server.search_terms import term_set as term_set
from intent_server.search_terms import terms as terms
from intent_server.search_terms import terms_among as terms_among

Floats = npt.NDArray[np.float32]

WINDOW_WORDS = 100  # a window is closed once it holds this many
LONG_UTTERANCE_WORDS = 180  # a longer one is indexed in pieces of about WINDOW_WORDS

_SPOKEN = frozenset({"person", "assistant", "summary", "document"})
_DIALOGS = frozenset({"AskUserQuestion", "ExitPlanMode", "request_user_input", "ask_followup_question"})
_SMALL_SECTION_WORDS = 25  # a shorter section of a document is indexed together with the next one

# Zoom's chat writes these; the quoted beginning of another message would make each reaction a better hit than it.
_REACTION = re.compile(r"Reacted to .{1,80} with \S.{0,11}|Removed an? .{1,12} reaction from .{1,80}", re.DOTALL)
_REPLY = re.compile(r'^Replying to ["“].{1,80}?["”]\s*(?=\S)', re.DOTALL)


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
    return not _REACTION.fullmatch(utterance.text) and is_heard(utterance.role, utterance.topic)


def is_heard(role: str, topic: str | None) -> bool:
    """Whether utterances of this role are searched: what tools return, reasoning and what tools put in are not."""
    return role in _SPOKEN or (role == "tool_call" and topic in _DIALOGS)


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


VECTOR_WEIGHT = 0.3  # of 0.2 to 0.5, across the QMSum training meetings 0.2 and 0.3 are best; within one 0.5
NEIGHBOUR_WEIGHT = 0.25  # what a window gets of the windows before and after it; same bench, 0.474 to 0.484 nDCG@10
NEAR_SHARES = (0.5, 0.25)  # what its keyword score gets of those, and of the ones after the next


def with_near_words(
    scores: npt.NDArray[np.float64], places: npt.NDArray[np.intp], follows: npt.NDArray[np.bool_], company: Floats
) -> npt.NDArray[np.float64]:
    """Each document's keyword score as a mean with those just before and after it in the same conversation.

    What a question asks for is often said over several windows, a word of it in each: across the QMSum training
    meetings nDCG@10 of BM25 goes from 0.353 to 0.405. A mean and no sum: what stands alone, as a short document or a
    decision does, has nothing beside it to gain from (PEPs: hit@1 of BM25 0.60 by the sum, 0.66 by the mean).
    Shape: scores, places and company (n,), places rising; follows (rows,): a row goes on from the one before.
    `company`: the shares of NEAR_SHARES that there are beside each, found or not.
    """
    spread = scores.copy()
    joined = np.ones(len(places), dtype=np.bool_)
    for step, share in enumerate(NEAR_SHARES, start=1):
        last = np.minimum(places + step, len(follows) - 1)
        joined &= follows[last] & (places + step < len(follows))
        at = np.minimum(np.searchsorted(places, last), len(places) - 1)
        here = np.flatnonzero(joined & (places[at] == last))
        spread[here] += share * scores[at[here]]
        spread[at[here]] += share * scores[here]
    even: npt.NDArray[np.float64] = spread / (1 + company)
    return even


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
