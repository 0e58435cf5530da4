"""Cline and Roo: the person's words in wrappers and events, files read together, and values of any type."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pipeline import Reading, sources_in
from ingest.pipeline import read as reading_of
from ingest.readers.cline import READER
from ingest.records import Session, Source
from ingest.sources import Declared, stdin_source

KEYS = "id role content type text ts say ask task session_id sessionId messages metadata parentTaskId modelInfo".split()
VALUES = st.recursive(
    st.sampled_from([None, True, -1, 1e300, 10**25, float("nan"), "", "text", "\ud83d", "user", "tool_result", "T-1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


def reading(value: object) -> Reading:
    return reading_of(stdin_source(json.dumps(value).encode(), Declared()), READER)


def told(session: Session) -> list[tuple[str, str]]:
    return [(said.role, said.text) for said in session.utterances]


def api(role: str, *texts: str) -> dict[str, object]:
    return {"role": role, "content": [{"type": "text", "text": text} for text in texts], "ts": 1773241200400}


def event(kind: str, text: str, *, asks: bool = False) -> dict[str, object]:
    return {"ts": 1773241200400, "type": "ask" if asks else "say", "ask" if asks else "say": kind, "text": text}


def only(value: object) -> list[tuple[str, str]]:
    [session] = reading(value).sessions
    return told(session)


@pytest.mark.parametrize(
    "text",
    [
        '<user_input mode="act">fix it</user_input>',
        "<task>\nfix it\n</task>\n\n<environment_details>\nwe use DuckDB\n</environment_details>",
        "The user provided the following feedback:\n<feedback>\nfix it\n</feedback>",
        "<user_message>fix it</user_message>",
        "<answer>\nfix it\n</answer>",
    ],
)
def test_the_persons_words_stand_in_wrappers(text: str) -> None:
    assert only([api("user", text)]) == [("person", "fix it")]


@pytest.mark.parametrize(
    "text", ["[read_file for 'a.md'] Result:", "we use DuckDB", "1 | <task>we use DuckDB</task>", "<task>never closed"]
)
def test_other_text_of_the_user_is_the_programs(text: str) -> None:
    assert [role for role, _ in only([api("user", text)])] == ["harness"]


def test_what_only_stands_around_the_person_is_set_aside() -> None:
    [session] = reading([api("user", "<environment_details>files</environment_details>")]).sessions
    assert session.set_aside == (("no_text", 1),)


def test_events_tell_who_speaks() -> None:
    question = '{"question": "Which?", "options": ["DuckDB", "Postgres"], "selected": "DuckDB"}'
    found = only(
        [
            event("text", "build it"),
            event("api_req_started", '{"cost": 1}'),
            event("text", "I will."),
            event("tool", '{"tool": "readFile", "path": "a.py"}', asks=True),
            event("followup", question, asks=True),
            event("user_feedback", "go on"),
            event("completion_result", "Done."),
        ]
    )
    assert found == [
        ("person", "build it"), ("assistant", "I will."), ("tool_call", "readFile: a.py"),
        ("assistant", "Which?\n- DuckDB\n- Postgres"), ("person", "DuckDB"), ("person", "go on"),
        ("assistant", "Done."),
    ]  # fmt: skip


def test_a_task_folder_is_one_session_told_by_its_events(tmp_path: Path) -> None:
    folder = tmp_path / "tasks" / "1773241200000"
    folder.mkdir(parents=True)
    (folder / "ui_messages.json").write_text(json.dumps([event("text", "build it")]))
    (folder / "api_conversation_history.json").write_text(json.dumps([api("user", "<task>build it</task>")]))
    (folder / "history_item.json").write_text(json.dumps({"task": "build it", "workspace": "/src/app"}))
    [source] = sources_in(tmp_path, Declared())
    assert isinstance(source, Source)
    assert READER.accepts(source) == 80
    [session] = reading_of(source, READER).sessions
    assert told(session) == [("person", "build it")]
    assert (session.native_id, session.project, session.kept) == ("1773241200000", "/src/app", 2)
    assert session.set_aside == (("api_copy", 1),)
    assert session.utterances[0].native_id == "1773241200000:1773241200400"


def test_the_task_of_a_subtask_was_written_by_a_model(tmp_path: Path) -> None:
    (tmp_path / "ui_messages.json").write_text(json.dumps([event("text", "build"), event("user_feedback", "go on")]))
    (tmp_path / "history_item.json").write_text(json.dumps({"id": "t2", "parentTaskId": "t1"}))
    [source] = sources_in(tmp_path, Declared())
    assert isinstance(source, Source)
    [session] = reading_of(source, READER).sessions
    assert told(session) == [("assistant", "build"), ("person", "go on")]
    assert session.parent_id == "t1"


def test_a_session_without_its_messages_has_its_prompt() -> None:
    assert only({"session_id": "s1", "prompt": "List the tests."}) == [("person", "List the tests.")]


def test_what_is_neither_message_nor_event_is_refused() -> None:
    assert [item.where for item in reading([{"a": 1}, "words", api("user", "x")]).rejected] == ["/0", "/1"]


def test_only_the_files_of_a_task_or_session_are_gathered() -> None:
    assert READER.gathers(frozenset({"a.json", "b.json", "task_metadata.json"})) == frozenset()
    assert READER.gathers(frozenset({"a.json", "a.messages.json", "b.json"})) == {"a.json", "a.messages.json"}


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), VALUES) | VALUES, max_size=4))
def test_any_value_anywhere_is_accounted_for(values: list[object]) -> None:
    for value in (values, *values, {"sessionId": "s", "messages": values}):
        reading(value)
