"""Texts of the training sets as token ids: pairs that say the same, and texts to be ranked for queries.

Every item carries the name of its document, so that training can leave documents out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from embed_corpus import (
    HELD_OUT_REPOS,
    Meeting,
    Pair,
    agent_commits,
    agent_segments,
    annotated_meetings,
    document_pairs,
    meetings,
    peps,
    text_pairs,
)
from tokenizers import Tokenizer

QUERY_WINDOWS = (30, 100)  # words of the windows that QMSum queries are trained on
SEED = 2
PAIRS_AGAIN = 30_000
PAIR_TOKENS = 160  # of a text; the rest of a longer one is not trained on
_WORD = re.compile(r"[a-z0-9]{3,}")

Ids = list[npt.NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Ranking:
    """One document's texts, with those that answer each query."""

    document: str
    queries: Ids
    texts: Ids
    relevant: npt.NDArray[np.float32]

    def by_words(self) -> npt.NDArray[np.float32]:
        """BM25 of every text for each query, over tokens; each row standardised."""
        places = np.repeat(np.arange(len(self.texts)), [len(ids) for ids in self.texts])
        tokens, lengths = np.concatenate(self.texts), np.array([len(ids) for ids in self.texts])
        slack = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
        scores = np.zeros(self.relevant.shape)
        for row, query in zip(scores, self.queries, strict=True):
            for token in query:
                times = np.bincount(places[tokens == token], minlength=len(self.texts))
                held = np.count_nonzero(times)
                row += math.log(1 + (len(times) - held + 0.5) / (held + 0.5)) * times * 2.2 / (times + slack)
        spread = scores.std(1, keepdims=True)
        scores = (scores - scores.mean(1, keepdims=True)) / np.where(spread > 0, spread, 1)
        return scores.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Material:
    """All that is trained on: `queries[i]` and `texts[i]` say the same and come from `groups[i]`."""

    groups: Sequence[str]
    queries: Ids
    texts: Ids
    rankings: Sequence[Ranking]

    def without(self, is_left_out: Callable[[str], bool]) -> Material:
        """What remains when some documents are left out."""
        kept = [i for i, group in enumerate(self.groups) if not is_left_out(group)]
        pick = [[items[i] for i in kept] for items in (self.queries, self.texts)]
        rankings = [one for one in self.rankings if not is_left_out(one.document)]
        return Material([self.groups[i] for i in kept], *pick, rankings)


def material(data: Path, tokenizer: Tokenizer) -> Material:
    """Everything the shipped model is trained on, beside a seeded part of the text pairs, which its base has seen."""
    known = list(distinct(trained_pairs(data)))
    chosen = sorted(np.random.default_rng(SEED).choice(len(known), PAIRS_AGAIN, replace=False))
    pairs = [*(known[i] for i in chosen), *document_pairs(data), *session_pairs(data)]
    queries, texts = (token_ids(tokenizer, side) for side in ([p.query for p in pairs], [p.text for p in pairs]))
    return Material([p.group for p in pairs], queries, texts, list(rankings(data, tokenizer)))


def trained_pairs(data: Path) -> Iterator[Pair]:
    """The text pairs but for the held-out repositories."""
    return (pair for pair in text_pairs(data) if pair.group not in HELD_OUT_REPOS)


def distinct(pairs: Iterator[Pair]) -> Iterator[Pair]:
    """One pair for each query of a repository: a second "Usage" would be a wrong negative of the first."""
    met = set()
    for pair in pairs:
        key = (pair.group, pair.query.lower())
        if key not in met:
            met.add(key)
            yield pair


def session_pairs(data: Path) -> Iterator[Pair]:
    """Commit subjects beside the part of the agent session that shares most words with subject and body."""
    segments = {segment.name: segment for segment in agent_segments(data)}
    for commit in agent_commits(data):
        sessions = {segments[name].session for name in commit.segments}
        if commit.is_generic or len(sessions) > 1:
            continue
        wanted = set(_WORD.findall(f"{commit.subject} {commit.body}".lower()))
        parts = [part for name in commit.segments for part in cut(segments[name].text, 100)]
        parts.sort(key=lambda part: -len(wanted.intersection(_WORD.findall(part.lower()))))
        yield from (Pair(commit.subject, part, *sessions) for part in parts[:2])


def rankings(data: Path, tokenizer: Tokenizer) -> Iterator[Ranking]:
    """Queries of QMSum, sentences of AMI and ICSI abstracts, rejected alternatives of PEPs, each in its document."""
    for meeting in meetings(data):
        for words in QUERY_WINDOWS:
            yield _ranked(tokenizer, meeting, words)
    for corpus in ("ami", "icsi"):
        for meeting in annotated_meetings(data, corpus):
            yield _ranked(tokenizer, meeting, 1)
            yield _ranked(tokenizer, meeting, 40)
    for pep in peps(data):
        named = [(one["title"], one["text"]) for one in pep["alternatives"]]
        named += [(one["heading"], one["text"]) for one in pep["sections"] if one["role"] != "alternatives"]
        named = [(title, text) for title, text in named if len(text) >= 40]
        queries, texts = token_ids(tokenizer, [t for t, _ in named]), token_ids(tokenizer, [t for _, t in named])
        if named:
            yield Ranking(pep["id"], queries, texts, np.eye(len(named), dtype=np.float32))


def _ranked(tokenizer: Tokenizer, meeting: Meeting, words: int) -> Ranking:
    """Windows of at least `words` words; a query counts a window as relevant when a gold turn lies in it."""
    ends, texts, held = [], [], []
    for i, (speaker, text) in enumerate(meeting.turns):
        held.append(f"{speaker}: {text}")
        if sum(len(h.split()) for h in held) > words or i == len(meeting.turns) - 1:
            ends.append(i)
            texts.append(" ".join(held))
            held = []
    asked = [q for q in (*meeting.queries, *meeting.topics) if q.relevant]
    relevant = np.zeros((len(asked), len(texts)), dtype=np.float32)
    for row, query in enumerate(asked):
        relevant[row, np.searchsorted(ends, sorted(query.relevant))] = 1
    return Ranking(meeting.name, token_ids(tokenizer, [q.text for q in asked]), token_ids(tokenizer, texts), relevant)


def cut(text: str, words: int) -> list[str]:
    """The text in pieces of `words` words."""
    found = text.split()
    return [" ".join(found[i : i + words]) for i in range(0, len(found), words)]


def token_ids(tokenizer: Tokenizer, texts: Sequence[str]) -> Ids:
    """The first PAIR_TOKENS token ids of each text; the unknown token where there is none."""
    encoded = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    return [np.array(e.ids[:PAIR_TOKENS] or [0], dtype=np.int64) for e in encoded]
