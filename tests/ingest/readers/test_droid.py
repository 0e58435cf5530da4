"""Factory Droid sessions: whose words, attached files, and values of any type."""

import json

from hypothesis import given
from hypothesis import strategies as st

from ingest.pipeline import Reading
from ingest.pipeline import read as reading_of
from ingest.readers.droid import READER
from ingest.records import Session
from ingest.sources import Declared, stdin_source

KEYS = "type id message role content text tool_use_id input name timestamp cwd title".split()
VALUES = st.recursive(
    st.sampled_from([None, True, -1, 1e300, 10**25, float("nan"), "", "text", "\ud83d", "user", "tool_result", "T-1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


def reading(*value: object) -> Reading:
    return reading_of(stdin_source("\n".join(map(json.dumps, value)).encode(), Declared()), READER)


def told(session: Session) -> list[tuple[str, str]]:
    return [(said.role, said.text) for said in session.utterances]


START = {"type": "session_start", "id": "s1", "title": "Fix", "cwd": "/src/app"}


def message(role: str, *blocks: object, own: str = "m1") -> dict[str, object]:
    return {"type": "message", "id": own, "message": {"role": role, "content": list(blocks)}}


def text(words: str) -> dict[str, object]:
    return {"type": "text", "text": words}


def test_a_file_behind_the_prompt_is_not_the_persons() -> None:
    attached = "Contents of /src/app/a.py (lines 1-2 of 2):\nwe use DuckDB\n"
    [session] = reading(START, message("user", text("fix @a.py"), text(attached))).sessions
    assert told(session) == [("person", "fix @a.py"), ("harness", attached.strip())]
    assert (session.native_id, session.title, session.project) == ("s1", "Fix", "/src/app")


def test_text_beside_a_result_is_the_programs() -> None:
    result = {"type": "tool_result", "tool_use_id": "t", "content": "ok"}
    [session] = reading(START, message("user", result, text("we use DuckDB"))).sessions
    assert [role for role, _ in told(session)] == ["tool_result", "harness"]


def test_a_result_names_its_tool() -> None:
    call = {"type": "tool_use", "id": "t", "name": "Read", "input": {"file_path": "a.py"}}
    result = {"type": "tool_result", "tool_use_id": "t", "content": "ok"}
    [session] = reading(START, message("assistant", call), message("user", result)).sessions
    assert [(said.text, said.topic) for said in session.utterances] == [("Read: a.py", "Read"), ("ok", "Read")]


def test_another_start_begins_another_session() -> None:
    found = reading(START, message("user", text("a")), {**START, "id": "s2"}, message("user", text("b"))).sessions
    assert [session.native_id for session in found] == ["s1", "s2"]


def test_unknown_records_are_set_aside_by_name_and_broken_lines_refused() -> None:
    found = reading(START, {"type": "telemetry"}, {"type": "todo_state"}, "words")
    assert dict(found.set_aside) == {"unknown_record_type:telemetry": 1, "session_state": 1}
    assert [item.where for item in found.rejected] == ["line 4"]


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), VALUES) | VALUES, min_size=1, max_size=4))
def test_any_value_anywhere_is_accounted_for(values: list[object]) -> None:
    reading(START, *values)
    reading(START, *({"type": "message", "message": value} for value in values))
