"""What the weights of `search_turns` are fitted on: questions about meetings, with how each utterance there meets them.

AMI and ICSI: sentences of a summary that tell a decision, with the utterances that the annotators linked to them.
QMSum: its queries, with the turns that answer. The utterances of a meeting are seen as the product sees those of one
session: by `search_turns.seen`, the words weighed by how rare they are in the product's windows of that corpus.
Vectors are those of the model whose training left the meeting out.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from embed_corpus import fold_of

from ingest.records import Utterance
from ingest.text import normalise
from intent_server.embed import embedder
from intent_server.search import own_words, windows_of
from intent_server.search_relevance import asked, weighed
from intent_server.search_terms import terms
from intent_server.search_turns import Turns, seen
from intent_server.search_words_near import Lexicon

Floats = npt.NDArray[np.float32]
QMSUM_VAL = "qmsum_val"


@dataclass(frozen=True, slots=True)
class Asking:
    """A question and the turns that answer it; `is_why`: it asks for a decision or a reason."""

    text: str
    right: frozenset[int]
    is_why: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting's turns as (speaker, text), what is asked about it, and the model that was trained without it."""

    corpus: str
    name: str
    turns: Sequence[tuple[str, str]]
    asked: Sequence[Asking]
    model: str


@dataclass(frozen=True, slots=True)
class Case:
    """A question about one meeting: what each of its utterances shows, and which of them are right.

    `values`: shape (FEATURES, utterances).
    """

    meeting: Meeting
    asking: Asking
    values: Floats
    is_right: npt.NDArray[np.bool_]


def cases(data: Path, embedders: Path) -> Iterator[Case]:
    """Every question that has an answer, a corpus after the other."""
    by_corpus = defaultdict(list)
    for meeting in (*_annotated(data), *_queried(data)):
        by_corpus[meeting.corpus].append(meeting)
    lexicon = cache(lambda model: _lexicon(embedders / model))
    for meetings in by_corpus.values():
        counts, size = _document_counts(meetings)
        for meeting in meetings:
            yield from _cases(meeting, lexicon(meeting.model), counts, size)


def _cases(meeting: Meeting, lexicon: Lexicon, counts: Mapping[str, int], size: int) -> Iterator[Case]:
    follows = np.arange(len(meeting.turns)) > 0
    texts = [own_words(_heard(text)) for _, text in meeting.turns]
    turns = Turns(texts, [speaker for speaker, _ in meeting.turns], follows)
    for asking in meeting.asked:
        words = asked(asking.text)
        is_right = np.isin(np.arange(len(texts)), sorted(asking.right))
        if is_right.any() and not is_right.all():
            held = {term: counts[term] for term in words.terms if term in counts}
            yield Case(meeting, asking, seen(lexicon, weighed(words, held, size), turns).values, is_right)


def _document_counts(meetings: Sequence[Meeting]) -> tuple[Mapping[str, int], int]:
    """In how many windows each term stands, and how many windows there are."""
    counts, size = Counter[str](), 0
    for meeting in meetings:
        said = (
            Utterance(at, _heard(text), "person", f"/turns/{at}", speaker=speaker)
            for at, (speaker, text) in enumerate(meeting.turns)
        )
        for window in windows_of(said):
            counts.update(terms(window.text).keys())
            size += 1
    return counts, size


def _heard(text: str) -> str:
    return normalise(text).strip() or "…"


def _lexicon(folder: Path) -> Lexicon:
    contents = ((folder / part).read_bytes() for part in ("model.safetensors", "tokenizer.json"))
    return Lexicon(embedder(*contents, name=folder.name).embed)


def _annotated(data: Path) -> Iterator[Meeting]:
    for corpus in ("ami", "icsi"):
        for row in _rows(data / "ami_icsi_decisions" / corpus):
            turns = [(turn["spk"], turn["text"]) for turn in row["utterances"]]
            asked_there = [Asking(one["text"], frozenset(one["evidence"])) for one in row["decisions"]]
            yield Meeting(corpus, row["meeting"], turns, asked_there, str(fold_of(row["meeting"])))


def _queried(data: Path) -> Iterator[Meeting]:
    for row in _rows(data / "qmsum"):
        split = row["official_split"]
        turns = [(turn["speaker"], turn["content"]) for turn in row["meeting_transcripts"]]
        asked_there = [_query(one) for one in row["specific_query_list"]]
        model = QMSUM_VAL if split == "val" else str(fold_of(row["meeting"]))
        yield Meeting(f"qmsum {split}", row["meeting"], turns, asked_there, model)


def _query(row: Mapping[str, Any]) -> Asking:
    spans = ((int(first), int(last)) for first, last in row["relevant_text_span"])
    right = frozenset(turn for first, last in spans for turn in range(first, last + 1))
    return Asking(row["query"], right, bool(row["decision_query"] or row["why_query"]))


def _rows(folder: Path) -> Iterator[Mapping[str, Any]]:
    for path in sorted(folder.glob("*.json")):
        yield json.loads(path.read_text("utf-8"))
