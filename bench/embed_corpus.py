"""What the embedder is trained on and measured with, read from a folder of permissively licensed data sets.

Split by document, here and nowhere else: `fold_of` puts every document (meeting, PEP, RFC, decision record, agent
session) in one of five folds; official QMSum meetings are `train` or `val`; whole repositories of text pairs
(`HELD_OUT_REPOS`) are never trained on.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HELD_OUT_REPOS = frozenset({"datacontract/datacontract-cli", "encode/httpx", "simonw/datasette"})
FOLDS = 5
TEXT_CHARS = 700  # where data/text_pairs cuts its texts
_HEADING = re.compile(r"^#{1,4} +(.+)$", re.MULTILINE)
_AMI_SERIES = re.compile(r"((?:ES|IS|TS|EN|IB|IN)\d{4})[a-z]")
_MARK = re.compile(r"\{\w+\}")  # transcription marks of QMSum: {disfmarker}, {vocalsound}


@dataclass(frozen=True, slots=True)
class Pair:
    """A short text and a longer one that says the same; `group` is the document or repository they come from."""

    query: str
    text: str
    group: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question about one meeting and the turns that answer it."""

    text: str
    relevant: frozenset[int]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Turns as (speaker, text); `queries` were written by annotators, `topics` are their section titles."""

    name: str
    turns: tuple[tuple[str, str], ...]
    queries: tuple[Query, ...]
    topics: tuple[Query, ...]


def fold_of(document: str) -> int:
    """The fold, 0 to 4, of a document by its name; the four meetings of one AMI team (ES2002a to d) share one."""
    series = _AMI_SERIES.fullmatch(document)
    name = series[1] if series else document
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest()) % FOLDS


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a coding agent's session: its turns as text."""

    name: str
    session: str
    text: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit and the names of the segments that made it; `is_generic`: its subject says nothing of its own."""

    subject: str
    body: str
    segments: tuple[str, ...]
    is_generic: bool


def text_pairs(data: Path) -> Iterator[Pair]:
    """Commit subject and body, heading and section: every pair, the held-out repositories included."""
    with gzip.open(data / "text_pairs" / "pairs.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Pair(row["query"], row["text"], row["repo"])


def document_pairs(data: Path) -> Iterator[Pair]:
    """Title and heading beside the section's text, of PEPs, Rust RFCs and architecture decision records."""
    for name in ("peps_rejected_ideas/peps.jsonl", "rust_rfcs/rfcs.jsonl"):
        for row in _json_lines(data / name):
            for section in (*row["sections"], *row.get("alternatives", ())):
                heading = section.get("heading") or section["title"]
                yield from _section_pair(row["id"], row["title"], heading, section["text"])
    for row in _json_lines(data / "adrs" / "adrs.jsonl"):
        for heading, text in _markdown_sections(row["text"]):
            yield from _section_pair(row["id"], row["title"], heading, text)


def meetings(data: Path, official_split: str | None = None) -> tuple[Meeting, ...]:
    """The QMSum meetings of one official split (none: of both), by name."""
    read = (json.loads(path.read_text(encoding="utf-8")) for path in sorted((data / "qmsum").glob("*.json")))
    return tuple(_meeting(row) for row in read if official_split in (None, row["official_split"]))


def annotated_meetings(data: Path, corpus: str) -> tuple[Meeting, ...]:
    """AMI or ICSI meetings: dialogue acts as turns; queries are decision sentences, topics the other abstract ones."""
    paths = sorted((data / "ami_icsi_decisions" / corpus).glob("*.json"))
    return tuple(_annotated(json.loads(path.read_text(encoding="utf-8"))) for path in paths)


def agent_segments(data: Path) -> tuple[Segment, ...]:
    """Every segment of a recorded agent session."""
    return tuple(_segment(row) for row in _json_lines(data / "agent_commit_sessions" / "segments.jsonl"))


def agent_commits(data: Path) -> tuple[Commit, ...]:
    """Every commit that a recorded segment made."""
    rows = _json_lines(data / "agent_commit_sessions" / "commits.jsonl")
    return tuple(Commit(r["subject"], r["body"], tuple(r["gold_segments"]), r["generic_subject"]) for r in rows)


def peps(data: Path) -> Iterator[Mapping[str, Any]]:
    """The rows of the Python enhancement proposals: id, title, sections, alternatives."""
    return _json_lines(data / "peps_rejected_ideas" / "peps.jsonl")


def _segment(row: Mapping[str, Any]) -> Segment:
    said = (turn.get("text") or f"{turn.get('tool', '')} {turn.get('arg', '')}" for turn in row["turns"])
    return Segment(row["segment"], row["session"], "\n".join(said))


def _annotated(row: Mapping[str, Any]) -> Meeting:
    turns = tuple((turn.get("role") or turn["spk"], turn["text"]) for turn in row["utterances"])
    kinds = {kind: row.get(kind) or () for kind in ("decisions", "abstract", "problems", "actions", "progress")}
    asked = {
        kind: tuple(Query(item["text"], frozenset(item["evidence"])) for item in items if item["evidence"])
        for kind, items in kinds.items()
    }
    topics = tuple(query for kind, queries in asked.items() if kind != "decisions" for query in queries)
    return Meeting(row["meeting"], turns, asked["decisions"], topics)


def _meeting(row: Mapping[str, Any]) -> Meeting:
    turns = tuple((turn["speaker"], _MARK.sub(" ", turn["content"])) for turn in row["meeting_transcripts"])
    queries = tuple(_query(item["query"], item, len(turns)) for item in row["specific_query_list"])
    topics = tuple(_query(item["topic"], item, len(turns)) for item in row["topic_list"])
    return Meeting(row["meeting"], turns, queries, topics)


def _query(text: str, item: Mapping[str, Any], turn_count: int) -> Query:
    spans = ((int(first), int(last)) for first, last in item["relevant_text_span"])
    return Query(text, frozenset(i for first, last in spans for i in range(first, min(last + 1, turn_count))))


def _section_pair(document: str, title: str, heading: str, text: str) -> Iterator[Pair]:
    if len(text) >= 80:
        yield Pair(f"{title} {heading}", text[:TEXT_CHARS], document)


def _markdown_sections(text: str) -> Iterator[tuple[str, str]]:
    parts = _HEADING.split(text)
    yield from zip(parts[1::2], parts[2::2], strict=True)


def _json_lines(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
