"""Decisions that a Codex session's own structure states: the answers given in a `request_user_input` dialog.

The output is a JSON object `{"answers": {question id: {"answers": [labels or typed text]}}}`; it is read only as the
output of such a call of the harness's own. What an answer decides: see ingest.dialogs.
"""

from __future__ import annotations

from ingest.agent_runs import parsed
from ingest.dialogs import decided, picked, stated
from ingest.json_tree import items
from ingest.json_values import fields, inside, words
from ingest.readers.codex_calls import Asked, Question
from ingest.records import Candidate, Utterance
from ingest.text import span

EXTRACTOR = "codex/1"
_NOTE = "user_note: "


def answers(asked: Asked, printed: object) -> list[tuple[Question, str, str]]:
    """(question, answer, note typed beside it) for every question of a dialog that was answered."""
    given = fields(inside(parsed(printed) if isinstance(printed, str) else printed, "answers"))
    found = []
    for question in asked.questions:
        said = [text for item in items(inside(given.get(question.key), "answers")) if (text := words(item).strip())]
        notes = [text.removeprefix(_NOTE).strip() for text in said if text.startswith(_NOTE)]
        picks = ", ".join(text for text in said if not text.startswith(_NOTE))
        if picks or notes:
            note = "\n".join(notes)
            found.append((question, picks or note, note if picks else ""))
    return found


def answered(question: Question, answer: str, call: Utterance, said: Utterance) -> Candidate | None:
    """The decision made by answering one question; None when the answer decides nothing."""
    choice = span(said, 0, len(answer))
    parts = decided(choice, call, question.options, picked(answer, question.options))
    if not parts:
        return None
    return stated(question.subject, parts, call, said.said_at, EXTRACTOR)
