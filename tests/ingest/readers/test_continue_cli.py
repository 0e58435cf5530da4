"""Continue sessions: entries, calls with their results, and values of any type."""

import json

from hypothesis import given
from hypothesis import strategies as st

from ingest.pipeline import Reading
from ingest.pipeline import read as reading_of
from ingest.readers.continue_cli import READER
from ingest.records import Session
from ingest.sources import Declared, stdin_source

KEYS = "sessionId history message role content toolCalls function name arguments toolCallStates output id".split()
VALUES = st.recursive(
    st.sampled_from([None, True, -1, 1e300, 10**25, float("nan"), "", "text", "\ud83d", "user", "tool_result", "T-1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


def reading(value: object) -> Reading:
    return reading_of(stdin_source(json.dumps(value).encode(), Declared()), READER)


def told(session: Session) -> list[tuple[str, str]]:
    return [(said.role, said.text) for said in session.utterances]


def session_of(*entries: object) -> Session:
    [session] = reading({"sessionId": "s1", "workspaceDirectory": "/src", "history": list(entries)}).sessions
    return session


def test_a_call_is_followed_by_its_result() -> None:
    call = {"id": "t", "function": {"name": "Read", "arguments": '{"filepath": "a.py"}'}}
    state = {"toolCallId": "t", "status": "done", "output": [{"content": "x = 1"}]}
    session = session_of(
        {"message": {"role": "user", "content": [{"type": "text", "text": "read a.py"}]}},
        {"message": {"role": "assistant", "content": "", "toolCalls": [call]}, "toolCallStates": [state]},
    )
    assert told(session) == [("person", "read a.py"), ("tool_call", "Read: a.py"), ("tool_result", "x = 1")]
    assert [said.topic for said in session.utterances] == [None, "Read", "Read"]


def test_instructions_and_empty_entries_are_set_aside() -> None:
    session = session_of(
        *({"message": {"role": role, "content": text}} for role, text in [("system", "x"), ("user", "")])
    )
    assert session.set_aside == (("no_text", 1), ("system_prompt", 1))


def test_an_entry_without_a_message_is_refused_with_its_place() -> None:
    [rejected] = reading({"sessionId": "s1", "history": ["words"]}).rejected
    assert rejected.where == "/history/0"


@given(st.dictionaries(st.sampled_from(KEYS), VALUES) | VALUES)
def test_any_value_anywhere_is_accounted_for(value: object) -> None:
    reading([value])
    reading({"sessionId": "s", "history": [value, {"message": value}]})
