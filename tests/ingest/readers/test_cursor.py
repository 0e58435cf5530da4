"""Cursor's and Windsurf's transcripts: the words of the person, what a program put about them, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.pipeline import Reading
from ingest.pipeline import read as accounted
from ingest.readers.cursor import READER
from ingest.records import Session, Source
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source
from tests.growth import assert_linear_row

REAL = Path(__file__).parents[4] / "shared" / "samples" / "agent-cursor"


def lined(*values: object) -> Source:
    return stdin_source("\n".join(json.dumps(value) for value in values).encode(), Declared())


def message(role: str, *blocks: object) -> object:
    return {"role": role, "message": {"content": list(blocks)}}


def text(words: str) -> object:
    return {"type": "text", "text": words}


def only(reading: Reading) -> Session:
    assert len(reading.sessions) == 1
    return reading.sessions[0]


def said(*values: object) -> list[tuple[str, str]]:
    return [(item.role, item.text) for item in only(accounted(lined(*values), READER)).utterances]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<user_query>\nWhy?\n</user_query>", [("person", "Why?")]),
        ("<attached_files>x</attached_files>\n<user_query>Why?</user_query>", [("person", "Why?")]),
        ("<rules><user_query>Drop it</user_query></rules><user_query>Why?</user_query>", [("person", "Why?")]),
        ("<user_query>Why?</user_query>\nnot mine\n<user_query>How?</user_query>", [("person", "Why?\n\nHow?")]),
        ("<rules><user_query>X</user_query></rules>", [("harness", "<rules><user_query>X</user_query></rules>")]),
        ("a note of the editor's", [("harness", "a note of the editor's")]),
        ("<user_query></user_query>", []),
        ("<user_query>Why?", [("harness", "<user_query>Why?")]),
    ],
)  # fmt: skip
def test_only_what_stands_in_a_query_of_its_own_is_the_persons(given: str, expected: list[tuple[str, str]]) -> None:
    assert said(message("user", text(given))) == expected


def test_the_mark_of_left_out_reasoning_is_nobodys_word() -> None:
    answer = message(
        "assistant", text("Looking.\n\n[REDACTED]"), {"type": "tool_use", "name": "Read", "input": {"path": "a"}}
    )
    assert said(answer) == [("assistant", "Looking."), ("tool_call", "Read: a")]
    assert dict(accounted(lined(message("assistant", text("[REDACTED]"))), READER).set_aside) == {"no_text": 1}


def test_a_file_without_ids_is_known_by_its_content() -> None:
    one, two = (
        only(accounted(lined(message("user", text(f"<user_query>{word}</user_query>"))), READER)) for word in "ab"
    )
    assert one.identity == two.identity == "content"
    assert one.native_id != two.native_id
    assert [item.native_id for item in one.utterances] == [None]


def test_lines_without_a_role_are_set_aside_by_their_type() -> None:
    reading = accounted(lined(message("user", text("x")), {"type": "turn_ended"}, {"type": "new_thing"}), READER)
    assert dict(reading.set_aside) == {"turn_ended": 1, "unknown_record_type:new_thing": 1}


@pytest.mark.parametrize("strange", [7, {}, {"role": "user"}, message("king", text("x")), message("user", 7)])
def test_a_line_that_is_no_message_is_refused_with_its_number(strange: object) -> None:
    reading = accounted(lined(message("user", text("<user_query>x</user_query>")), strange), READER)
    assert [item.where for item in reading.rejected] == ["line 2"]
    assert reading.kept == 1


@pytest.mark.parametrize(
    "other",
    [
        {"role": "user", "message": {"content": []}, "sessionId": "s"},
        {"role": "user", "message": {"content": []}, "timestamp": 1},
        {"role": "user", "content": "x"},
        {"type": "user_input", "status": "done"},
        {"type": "find", "status": "done", "find": {}},
    ],
)
def test_messages_with_ids_or_times_and_other_logs_are_not_cursors(other: object) -> None:
    assert READER.accepts(lined(other)) == 0


def test_windsurfs_steps_are_the_persons_input_the_models_answer_and_tools() -> None:
    steps = (
        {"type": "user_input", "status": "done", "user_input": {"user_response": "Run it"}},
        {"type": "run_command", "status": "done", "run_command": {"command": "ls", "output": "no", "exit_code": 2}},
        {"type": "run_command", "status": "done", "run_command": {"command": "rm x", "user_rejected": True}},
        {"type": "planner_response", "status": "done", "planner_response": {"response": "It failed."}},
    )
    assert reader_for(lined(*steps)) is READER
    assert said(*steps) == [
        ("person", "Run it"), ("tool_call", "run_command: ls"), ("tool_result", "no\n[exit code 2]"),
        ("tool_call", "run_command: rm x"), ("tool_result", "[rejected]"), ("assistant", "It failed."),
    ]  # fmt: skip


def test_a_long_row_of_tags_is_read_in_linear_time() -> None:
    def read(words: str) -> None:
        accounted(lined(message("user", text(words))), READER)

    assert_linear_row(read, "<rules>", 40_000)
    assert_linear_row(read, "<a></a>", 40_000)
    assert_linear_row(lambda row: read(row + "</user_query>"), "<user_query>", 40_000)


def test_real_files_give_the_words_that_were_typed() -> None:
    if not REAL.is_dir():
        pytest.skip(f"real samples are not at {REAL.name}/ beside the repository")
    reading = accounted(file_source(REAL / "test-session.jsonl", Declared()), READER)
    asked = [item.text for item in only(reading).utterances if item.role == "person"]
    assert asked == ["run ls command", "now show me the git status"]
    assert not reading.rejected
