"""Pi sessions: roles, summaries, ids that are one of their session only, and values of any type."""

import json

from hypothesis import given
from hypothesis import strategies as st

from ingest.pipeline import Reading
from ingest.pipeline import read as reading_of
from ingest.readers.pi_tool import READER
from ingest.records import Session
from ingest.sources import Declared, stdin_source

KEYS = "type id parentId message role content text summary toolName isError timestamp cwd version".split()
VALUES = st.recursive(
    st.sampled_from([None, True, -1, 1e300, 10**25, float("nan"), "", "text", "\ud83d", "user", "tool_result", "T-1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


def reading(*value: object) -> Reading:
    return reading_of(stdin_source("\n".join(map(json.dumps, value)).encode(), Declared()), READER)


def told(session: Session) -> list[tuple[str, str]]:
    return [(said.role, said.text) for said in session.utterances]


START = {"type": "session", "version": 3, "id": "s1", "timestamp": "2026-03-13T11:00:00.000Z", "cwd": "/src/app"}


def message(role: str, content: object, own: str = "a1", **more: object) -> dict[str, object]:
    return {"type": "message", "id": own, "message": {"role": role, "content": content, **more}}


def test_each_role_speaks_for_itself() -> None:
    [session] = reading(
        START,
        message("user", "hi"),
        message("assistant", [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "hello"}]),
        message("toolResult", [{"type": "text", "text": "14"}], toolName="bash"),
        message("custom", "note"),
        {"type": "compaction", "id": "c", "summary": "so far"},
    ).sessions
    assert told(session) == [
        ("person", "hi"), ("reasoning", "hm"), ("assistant", "hello"), ("tool_result", "14"), ("harness", "note"),
        ("summary", "so far"),
    ]  # fmt: skip


def test_short_ids_are_told_apart_by_their_session() -> None:
    found = reading(START, message("user", "a"), {**START, "id": "s2"}, message("user", "b")).sessions
    assert [session.utterances[0].native_id for session in found] == ["s1:a1", "s2:a1"]


def test_changes_of_state_are_set_aside() -> None:
    found = reading(START, {"type": "model_change", "modelId": "x"}, {"type": "odd"}, message("user", ""))
    assert dict(found.set_aside) == {"session_state": 1, "unknown_record_type:odd": 1, "no_text": 1}


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), VALUES) | VALUES, min_size=1, max_size=4))
def test_any_value_anywhere_is_accounted_for(values: list[object]) -> None:
    reading(START, *values)
    reading(START, *({"type": "message", "message": value} for value in values))
