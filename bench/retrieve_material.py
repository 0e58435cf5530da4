"""What search is measured on: conversations and questions about them, from the labelled sets.

A place is (conversation, turn), both counted from 0. `model` names the fold whose embedder saw none of a material's
questions and answers (`embed_corpus.fold_of`); of unseen documents the bundled one saw nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from embed_corpus import fold_of

from ingest.records import Role

Place = tuple[int, int]
Unit = Literal["turn", "part", "window", "session"]
"""What is ranked: turns by how well they answer; turns by how well they fit with what is around them; and so on."""
BUNDLED = "bundled"


@dataclass(frozen=True, slots=True)
class Turn:
    """Who said what, and in which role."""

    speaker: str | None
    text: str
    role: Role = "person"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, which places are right, and of which conversation it is asked; None: of all."""

    text: str
    right: frozenset[Place]
    within: int | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """Conversations of one store and the questions asked of it."""

    model: str
    conversations: Sequence[Sequence[Turn]]
    questions: Sequence[Question]


@dataclass(frozen=True, slots=True)
class Task:
    """A row of the table: what is ranked, by which measures, and what the figure is to reach."""

    name: str
    unit: Unit
    measures: Sequence[str]
    aim: str
    materials: Sequence[Material]
    is_fitted_on: bool = False
    """Whether the product's weights were fitted on these conversations too."""


def tasks(data: Path, *, is_unseen: bool) -> Iterator[Task]:
    """Every row of the table for which the folder has the set."""
    meetings = list(_qmsum(data, is_unseen=is_unseen))
    model = BUNDLED if is_unseen else "qmsum_val"
    conversations = [[Turn(one["speaker"], one["content"]) for one in row["meeting_transcripts"]] for row in meetings]
    asked = [(at, one) for at, row in enumerate(meetings) for one in row["specific_query_list"]]
    own = [_of_meeting(at, one, within=True) for at, one in asked]
    why = [question for question, (_, one) in zip(own, asked, strict=True) if one["decision_query"] or one["why_query"]]
    every = [_of_meeting(at, one, within=False) for at, one in asked]
    for name, unit, measure, aim, questions in (
        ("QMSum part of a meeting", "part", "locate", "0.80", own),
        ("QMSum decisions and reasons", "window", "hit@5", "0.95", why),
        ("QMSum across all meetings", "window", "nDCG@10", "0.32", every),
    ):
        materials = [Material(model, conversations, questions)] if questions else []
        yield Task(name, unit, (measure,), aim, materials, is_fitted_on=not is_unseen)
    yield Task("LoCoMo evidence turns", "turn", ("recall@10",), "0.80", list(_locomo(data)))
    yield Task("commit to its segment", "session", ("MRR", "hit@1"), "0.80 0.70", list(_commits(data, is_unseen)))
    yield Task("PEP alternative to reason", "session", ("hit@1", "hit@5"), "0.80 0.95", list(_peps(data, is_unseen)))
    for corpus, aim in (("ami", "0.92"), ("icsi", "0.85")):
        found = list(_decisions(data, corpus, is_unseen))
        name = f"{corpus.upper()} decision to evidence"
        yield Task(name, "turn", ("hit@10",), aim, found, is_fitted_on=not is_unseen)


def _qmsum(data: Path, *, is_unseen: bool) -> Iterator[Mapping[str, Any]]:
    for path in sorted((data / "qmsum").rglob("*.json")):
        row = json.loads(path.read_text("utf-8"))
        if is_unseen or row["official_split"] == "val":
            yield row


def _of_meeting(at: int, item: Mapping[str, Any], *, within: bool) -> Question:
    spans = ((int(first), int(last)) for first, last in item["relevant_text_span"])
    right = frozenset((at, turn) for first, last in spans for turn in range(first, last + 1))
    return Question(item["query"], right, at if within else None)


def _locomo(data: Path) -> Iterator[Material]:
    for path in sorted((data / "locomo").rglob("*.json")):
        row = json.loads(path.read_text("utf-8"))
        places = {
            turn["dia_id"]: (at, number)
            for at, session in enumerate(row["sessions"])
            for number, turn in enumerate(session["turns"])
        }
        asked = (
            (item["question"], frozenset(places[e] for e in item["evidence"] if e in places)) for item in row["qa"]
        )
        conversations = [
            [Turn(turn["speaker"], _pictured(turn)) for turn in session["turns"]] for session in row["sessions"]
        ]
        yield Material(BUNDLED, conversations, [Question(text, right) for text, right in asked if right])


def _pictured(turn: Mapping[str, Any]) -> str:
    """A picture that somebody sent stands as its caption."""
    return f"{turn['text']} [{turn['image_caption']}]" if turn.get("image_caption") else str(turn["text"])


_ROLES: Mapping[str, Role] = {"user": "person", "assistant": "assistant", "tool": "tool_call"}


def _commits(data: Path, is_unseen: bool) -> Iterator[Material]:
    folder = data / "agent_commit_sessions"
    segments = _rows(folder / "segments.jsonl")
    if not segments:
        return
    place = {segment["segment"]: at for at, segment in enumerate(segments)}
    conversations = [
        [
            Turn(
                None, turn.get("text") or f"{turn.get('tool', '')} {turn.get('arg', '')}".strip(), _ROLES[turn["role"]]
            )
            for turn in segment["turns"]
        ]
        for segment in segments
    ]
    by_model = defaultdict(list)
    for commit in _rows(folder / "commits.jsonl"):
        right = frozenset((place[name], 0) for name in commit["gold_segments"] if name in place)
        if right and not commit["generic_subject"]:
            session = segments[min(right)[0]]["session"]
            model = BUNDLED if is_unseen else str(fold_of(session))
            by_model[model].append(Question(commit["subject"], right))
    for model in sorted(by_model):
        yield Material(model, conversations, by_model[model])


def _peps(data: Path, is_unseen: bool) -> Iterator[Material]:
    """Each reason is a document of its own, without the title of the alternative: that is what is asked."""
    rows = [
        (row["id"], one) for row in _rows(data / "peps_rejected_ideas" / "peps.jsonl") for one in row["alternatives"]
    ]
    conversations = [[Turn(None, one["text"], "document")] for _, one in rows]
    by_model = defaultdict(list)
    for at, (pep, one) in enumerate(rows):
        model = BUNDLED if is_unseen else str(fold_of(pep))
        by_model[model].append(Question(one["title"], frozenset({(at, 0)})))
    for model in sorted(by_model):
        yield Material(model, conversations, by_model[model])


def _decisions(data: Path, corpus: str, is_unseen: bool) -> Iterator[Material]:
    by_model = defaultdict(list)
    for path in sorted((data / "ami_icsi_decisions" / corpus).rglob("*.json")):
        row = json.loads(path.read_text("utf-8"))
        by_model[BUNDLED if is_unseen else str(fold_of(row["meeting"]))].append(row)
    for model in sorted(by_model):
        rows = by_model[model]
        conversations = [[Turn(one["spk"], one["text"]) for one in row["utterances"]] for row in rows]
        questions = [
            Question(one["text"], frozenset((at, turn) for turn in one["evidence"]), at)
            for at, row in enumerate(rows)
            for one in row["decisions"]
            if one["evidence"]
        ]
        yield Material(model, conversations, questions)


def _rows(path: Path) -> list[Mapping[str, Any]]:
    """The rows of a JSON Lines file; none where it is not there. In an unseen folder it may lie deeper."""
    found = [path] if path.exists() else sorted(path.parent.rglob(path.name))
    return [json.loads(line) for each in found for line in each.read_text("utf-8").splitlines()]
