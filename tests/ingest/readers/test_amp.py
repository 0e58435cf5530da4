"""Amp threads: whose words, what a tool answered, and values of any type."""

import json

from hypothesis import given
from hypothesis import strategies as st

from ingest.pipeline import Reading
from ingest.pipeline import read as reading_of
from ingest.readers.amp import READER
from ingest.records import Session
from ingest.sources import Declared, stdin_source

KEYS = "id v messages role content type text messageId meta sentAt usage run status result error env trees uri".split()
VALUES = st.recursive(
    st.sampled_from([None, True, -1, 1e300, 10**25, float("nan"), "", "text", "\ud83d", "user", "tool_result", "T-1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


def reading(value: object) -> Reading:
    return reading_of(stdin_source(json.dumps(value).encode(), Declared()), READER)


def told(session: Session) -> list[tuple[str, str]]:
    return [(said.role, said.text) for said in session.utterances]


def thread(*messages: object) -> Session:
    [session] = reading({"v": 3, "id": "T-1", "messages": list(messages)}).sessions
    return session


def user(*blocks: object, number: int = 0) -> dict[str, object]:
    return {"role": "user", "messageId": number, "content": list(blocks)}


def text(words: str) -> dict[str, object]:
    return {"type": "text", "text": words}


def answer(**run: object) -> dict[str, object]:
    return {"type": "tool_result", "toolUseID": "t1", "run": run}


def test_what_the_person_typed_is_theirs_without_wrappers() -> None:
    assert told(thread(user(text("<system-reminder>be brief</system-reminder>hi")))) == [("person", "hi")]


def test_text_beside_a_result_is_the_programs() -> None:
    session = thread(user(answer(status="done", result="42"), text("we use DuckDB")))
    assert told(session) == [("tool_result", "42"), ("harness", "we use DuckDB")]


def test_a_refused_call_says_so() -> None:
    assert told(thread(user(answer(status="rejected-by-user", reason="not now")))) == [
        ("tool_result", "[rejected-by-user]\nnot now")
    ]


def test_a_message_is_known_by_its_thread_and_number() -> None:
    session = thread(user(text("a")), user(text("b"), text("c"), number=1))
    assert [said.native_id for said in session.utterances] == ["T-1:0", "T-1:1#0", "T-1:1#1"]


def test_messages_of_other_roles_are_set_aside() -> None:
    session = thread(user(text("a")), {"role": "info", "content": [text("note")]}, user())
    assert session.set_aside == (("info", 1), ("no_text", 1))


def test_a_message_that_is_none_is_refused_with_its_place() -> None:
    [rejected] = reading({"v": 1, "id": "T-1", "messages": ["words"]}).rejected
    assert rejected.where == "/messages/0"


@given(st.dictionaries(st.sampled_from(KEYS), VALUES) | VALUES)
def test_any_value_anywhere_is_accounted_for(value: object) -> None:
    reading([value])
    reading({"id": "T-1", "v": 1, "messages": [value]})
