"""Antigravity CLI sessions: steps, requests in their wrapper, and values of any type."""

import json

from hypothesis import given
from hypothesis import strategies as st

from ingest.pipeline import Reading
from ingest.pipeline import read as reading_of
from ingest.readers.antigravity import READER
from ingest.records import Session
from ingest.sources import Declared, stdin_source

KEYS = "step_index source type status created_at content thinking tool_calls name args".split()
VALUES = st.recursive(
    st.sampled_from([None, True, -1, 1e300, 10**25, float("nan"), "", "text", "\ud83d", "user", "tool_result", "T-1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


def reading(*value: object) -> Reading:
    return reading_of(stdin_source("\n".join(map(json.dumps, value)).encode(), Declared()), READER)


def told(session: Session) -> list[tuple[str, str]]:
    return [(said.role, said.text) for said in session.utterances]


def step(source: str, kind: str, content: object = None, **more: object) -> dict[str, object]:
    return {"step_index": 0, "source": source, "type": kind, "status": "DONE", "content": content, **more}


def test_only_the_request_is_the_persons() -> None:
    content = "<USER_REQUEST>\nfix it\n</USER_REQUEST>\n<USER_SETTINGS_CHANGE>model</USER_SETTINGS_CHANGE>"
    [session] = reading(step("USER_EXPLICIT", "USER_INPUT", content)).sessions
    assert told(session) == [("person", "fix it")]


def test_input_that_nobody_typed_is_the_programs() -> None:
    [session] = reading(step("OTHER", "USER_INPUT", "we use DuckDB")).sessions
    assert told(session) == [("harness", "we use DuckDB")]


def test_a_plan_thinks_speaks_and_calls() -> None:
    call = {"name": "run_command", "args": {"CommandLine": '"ls"'}}
    [session] = reading(step("MODEL", "PLANNER_RESPONSE", "Now.", thinking="hm", tool_calls=[call])).sessions
    assert told(session) == [("reasoning", "hm"), ("assistant", "Now."), ("tool_call", "run_command: ls")]


def test_the_systems_steps_are_set_aside_but_for_its_summary() -> None:
    [session] = reading(step("SYSTEM", "SYSTEM_MESSAGE", "be brief"), step("SYSTEM", "CHECKPOINT", "so far")).sessions
    assert told(session) == [("summary", "so far")]
    assert session.set_aside == (("system_event", 1),)


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), VALUES) | VALUES, min_size=1, max_size=4))
def test_any_value_anywhere_is_accounted_for(values: list[object]) -> None:
    reading(*values)
