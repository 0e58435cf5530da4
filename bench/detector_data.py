"""What the detector learns from and is measured on: sessions with the sentences that state a decision in them.

AMI and ICSI: the evidence utterances of human decision summaries. Our own labels: agent sessions, meetings, issue and
review threads, chat. A group (a series of AMI meetings, an agent session cut in segments) is never on both sides of a
split.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from label_sessions import MEETINGS, SEGMENTS, is_here, session
from label_words import LABELS, stands

from ingest.extract.detect_units import Unit, units
from ingest.records import Session

NEVER_LEARNED = ("samples/meeting-google-meet", "samples/meeting-zoom", "samples/pr-gerrit", "samples/issue-jira")
"""No licence, share-alike or GPL: measured on, never learned from."""
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
Span = tuple[int, int, int]
"""(utterance index, start, end) in code points."""
Row = dict[str, Any]
"""A line of a label file, as `labels/README.md` has it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A labelled decision: where it is stated (first the best statement), its reasons and the options not taken."""

    said: tuple[Span, ...]
    rationale: tuple[Span, ...] = ()
    alternatives: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One session with its labels; `readers` has one tuple of decisions a reader."""

    name: str
    corpus: str
    """`ami`, `icsi`, `own` or `training`."""
    group: str
    session: Session
    units: tuple[Unit, ...]
    readers: tuple[tuple[Decision, ...], ...]
    summary: frozenset[int] = frozenset()
    acts: tuple[str, ...] = ()

    @property
    def is_learned(self) -> bool:
        """Whether its licence lets shipped weights learn from it."""
        return not self.name.startswith(NEVER_LEARNED)

    def stated(self, *, best_only: bool = False) -> np.ndarray:
        """For each unit the share of readers who marked it. Shape: (units,)."""
        marks = np.zeros(len(self.units))
        for decisions in self.readers:
            spans = [one for decision in decisions for one in (decision.said[:1] if best_only else decision.said)]
            marks += [any(touches(unit, one) for one in spans) for unit in self.units]
        return marks / max(1, len(self.readers))


def touches(unit: Unit, span: Span) -> bool:
    """Whether a sentence and a labelled span share a character."""
    return unit.utterance_index == span[0] and unit.start_char < span[2] and span[1] < unit.end_char


def meetings(data: Path) -> Iterator[Document]:
    """The AMI and ICSI meetings under --data."""
    for path in sorted((data / "ami_icsi_decisions").glob("*/*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        found = session(data.parent, f"{MEETINGS}/{path.parent.name}/{path.name}")
        decisions = tuple(
            Decision(tuple((i, 0, len(found.utterances[i].text)) for i in one["evidence"]))
            for one in row["decisions"]
            if one["evidence"]
        )
        corpus = path.parent.name
        yield Document(
            path.stem,
            corpus,
            _group(data.parent, f"{MEETINGS}/{corpus}/{path.name}", found),
            found,
            units(found),
            (decisions,),
            frozenset(row["extractive_summary"]),
            tuple(one["da"] for one in row["utterances"]),
        )


def labelled(shared: Path) -> Iterator[Document]:
    """The sessions of both readers, then those that one reader labelled for training."""
    first, second = rows(LABELS / "reader_a.jsonl"), rows(LABELS / "reader_b.jsonl")
    for name in first:
        yield _document(shared, "own", (first[name], second[name]))
    yield from labelled_by_one(shared, LABELS / "training.jsonl")


def labelled_by_one(shared: Path, file: Path) -> Iterator[Document]:
    """The sessions that one reader labelled, those that are here."""
    learned = rows(file)
    if absent := sum(not is_here(name) for name in learned):
        print(f"left out: {absent} labelled sessions of repositories without a clone in INTENT_CLONES")
    for name, row in learned.items():
        if is_here(name):
            yield _document(shared, "training", (row,))


def _document(shared: Path, corpus: str, readers: Sequence[Row]) -> Document:
    name = readers[0]["session"]
    found = session(shared, name)
    if not all(stands(found, row) for row in readers):
        sys.exit(f"{name} is read otherwise than when it was labelled: its labels quote other words (label_words.py)")
    marked = tuple(tuple(map(_decision, row["decisions"])) for row in readers)
    return Document(name, corpus, _group(shared, name, found), found, units(found), marked)


def _group(shared: Path, name: str, found: Session) -> str:
    if name.startswith("github:"):
        return name.partition("/")[0]  # its owner, whose other repositories the same people work on
    path, _, key = name.partition("#")
    if path == SEGMENTS:
        with (shared / path).open(encoding="utf-8") as lines:
            return _id(next(row["session"] for row in map(json.loads, lines) if row["segment"] == key))
    if path.startswith("data/agent_sessions_claude_jsonl"):
        return _id(found.native_id)
    if path.startswith(f"{MEETINGS}/"):
        return Path(path).stem[:6] if path.startswith(f"{MEETINGS}/ami/") else Path(path).stem
    return "zeam" if "google-meet" in path else name


def _id(session: str) -> str:
    """The session's own id without the date that some records put before it: one session is read under several."""
    found = _UUID.search(session)
    return found.group() if found else session


def rows(file: Path) -> dict[str, Row]:
    """The lines of a label file by the name of the session."""
    found: list[Row] = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {row["session"]: row for row in found}


def _decision(row: dict) -> Decision:
    return Decision(
        (tuple(row["choice"]), *map(tuple, row["again"])),
        tuple(map(tuple, row["rationale"])),
        tuple(tuple(one["option"]) for one in row["alternatives"]),
    )
