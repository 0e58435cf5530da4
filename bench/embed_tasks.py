"""What embedders are judged by: texts ranked for queries, from the labelled sets, each with the fold of its document.

QMSum within and across the official validation meetings, LoCoMo turns, commits and the agent-session segments that
made them, rejected alternatives of PEPs and their reasons, AMI and ICSI decision sentences and their evidence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from embed_corpus import Meeting, Query, agent_commits, agent_segments, annotated_meetings, fold_of, meetings, peps

PART_WORDS = 160  # a long text is embedded in parts of so many words and scored by its best one
QMSUM_VAL = "qmsum_val"
ANY = "any"  # no model was trained on these texts


@dataclass(frozen=True, slots=True)
class Collection:
    """Texts that are ranked for each of some queries, with the positions of the relevant ones.

    `model` names the fold model whose training left these queries' documents out.
    """

    model: str
    texts: Sequence[str]
    queries: Sequence[str]
    relevant: Sequence[frozenset[int]]


@dataclass(frozen=True, slots=True)
class Task:
    """A named list of collections and the measures of their rankings."""

    name: str
    collections: Sequence[Collection]
    measures: tuple[str, ...]


def tasks(data: Path, metrics: ModuleType) -> Iterator[Task]:
    """Every task, in the order of the tables."""
    validation = meetings(data, "val")
    turns = [_by_turn(QMSUM_VAL, meeting) for meeting in validation]
    yield Task("QMSum turns in their meeting", turns, ("locate",))
    windows = [_by_window(meeting, metrics) for meeting in validation]
    yield Task("QMSum windows in their meeting", windows, ("nDCG@10",))
    yield Task("QMSum windows of all meetings", [_joined(windows)], ("nDCG@10",))
    yield Task("LoCoMo turns", list(locomo(data)), ("recall@10",))
    yield Task("commit to segment", list(commits(data)), ("MRR", "hit@1"))
    yield Task("PEP alternative to reason", list(alternatives(data)), ("hit@1", "hit@5"))
    for corpus in ("ami", "icsi"):
        found = [_decisions(meeting) for meeting in annotated_meetings(data, corpus)]
        yield Task(f"{corpus.upper()} decision to evidence", found, ("hit@10",))


def _by_turn(model: str, meeting: Meeting) -> Collection:
    texts = [f"{speaker}: {text}" for speaker, text in meeting.turns]
    return Collection(model, texts, *_asked(meeting.queries))


def _asked(queries: Sequence[Query]) -> tuple[Sequence[str], Sequence[frozenset[int]]]:
    return [query.text for query in queries], [query.relevant for query in queries]


def _by_window(meeting: Meeting, metrics: ModuleType) -> Collection:
    windows = metrics.windows(meeting.turns)
    relevant = [
        frozenset(
            i for i, (first, last, _) in enumerate(windows) if not query.relevant.isdisjoint(range(first, last + 1))
        )
        for query in meeting.queries
    ]
    return Collection(QMSUM_VAL, [text for _, _, text in windows], [query.text for query in meeting.queries], relevant)


def _joined(collections: Sequence[Collection]) -> Collection:
    texts: list[str] = []
    relevant: list[frozenset[int]] = []
    for one in collections:
        relevant += [frozenset(len(texts) + i for i in positions) for positions in one.relevant]
        texts += one.texts
    queries = [query for one in collections for query in one.queries]
    return Collection(collections[0].model, texts, queries, relevant)


def locomo(data: Path) -> Iterator[Collection]:
    """One collection per conversation: every question that has evidence."""
    for path in sorted((data / "locomo").glob("*.json")):
        row: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        turns = [turn for session in row["sessions"] for turn in session["turns"]]
        place = {turn["dia_id"]: i for i, turn in enumerate(turns)}
        texts = [f"{turn['speaker']}: {turn['text']} {turn.get('image_caption') or ''}" for turn in turns]
        asked = [(item["question"], frozenset(place[e] for e in item["evidence"] if e in place)) for item in row["qa"]]
        asked = [(question, relevant) for question, relevant in asked if relevant]
        yield Collection(ANY, texts, [q for q, _ in asked], [r for _, r in asked])


def commits(data: Path) -> Iterator[Collection]:
    """Per fold, the subjects of its commits against every segment; generic subjects ("review feedback") left out."""
    segments = agent_segments(data)
    place = {segment.name: i for i, segment in enumerate(segments)}
    texts = [segment.text for segment in segments]
    asked = [commit for commit in agent_commits(data) if not commit.is_generic]
    for fold in range(5):
        held = [commit for commit in asked if fold_of(segments[place[commit.segments[0]]].session) == fold]
        relevant = [frozenset(place[name] for name in commit.segments) for commit in held]
        yield Collection(str(fold), texts, [commit.subject for commit in held], relevant)


def alternatives(data: Path) -> Iterator[Collection]:
    """Per fold, the titles of its PEPs' rejected alternatives against the reasons of all alternatives of all PEPs."""
    rows = [(pep["id"], one["title"], one["text"]) for pep in peps(data) for one in pep["alternatives"]]
    texts = [text for _, _, text in rows]
    for fold in range(5):
        held = [i for i, (pep, _, _) in enumerate(rows) if fold_of(pep) == fold]
        yield Collection(str(fold), texts, [rows[i][1] for i in held], [frozenset({i}) for i in held])


def _decisions(meeting: Meeting) -> Collection:
    return _by_turn(str(fold_of(meeting.name)), meeting)


def parts(text: str) -> list[str]:
    """The text in equal pieces of at most PART_WORDS words; a short one is its own piece."""
    words = text.split()
    count = max(1, -(-len(words) // PART_WORDS))
    size = -(-len(words) // count)
    return [" ".join(words[i : i + size]) for i in range(0, len(words), size)] if count > 1 else [text]
