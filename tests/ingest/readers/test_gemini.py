"""Gemini CLI and Qwen Code sessions: whose words they are, nothing told twice, what is set aside or refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import SourceError, SourceMalformed
from ingest.readers.gemini import READER
from ingest.records import Rejected, Session, Source
from ingest.sources import Declared, file_source, stdin_source

SAMPLES = Path(__file__).parents[3] / "data" / "samples" / "gemini"
REAL = Path(__file__).parents[4] / "shared" / "samples"
HEADER = {"sessionId": "s1", "projectHash": "9f0c", "startTime": "2026-03-12T13:40:01Z", "kind": "main"}
RESULT = {"functionResponse": {"id": "c1", "name": "glob", "response": {"output": "a.sql"}}}
CALL = {"id": "c1", "name": "glob", "args": {"pattern": "*.sql"}, "result": [RESULT]}


def source(*records: object) -> Source:
    return stdin_source("\n".join(json.dumps(item) for item in records).encode(), Declared())


def message(kind: str, name: str, content: object, **more: object) -> Mapping[str, object]:
    return {"id": name, "timestamp": "2026-03-12T13:40:05Z", "type": kind, "content": content, **more}


def units(found: list[Session | Rejected]) -> int:
    return sum(
        one.kept + sum(times for _, times in one.set_aside) if isinstance(one, Session) else one.units for one in found
    )


def session(*records: object) -> Session:
    told = source(*records)
    found = list(READER.read(told))
    assert units(found) == READER.count(told)
    (only,) = (one for one in found if isinstance(one, Session))
    return only


def spoken(*records: object) -> list[tuple[str, str]]:
    return [(said.role, said.text) for said in session(*records).utterances]


def test_the_sample_is_read_with_its_workspace_and_every_message_once() -> None:
    (only,) = READER.read(file_source(next(SAMPLES.iterdir()), Declared()))
    assert isinstance(only, Session)
    assert [said.role for said in only.utterances] == ["person", "reasoning", "assistant", "tool_call", "tool_result"]
    assert only.project == "/home/aiko/lumen-goods/dashboards"
    assert dict(only.set_aside) == {"earlier_version": 1, "metadata": 1, "repeated_result": 1}


def test_a_resume_that_writes_the_history_poorer_loses_nothing() -> None:
    rich = message("gemini", "m2", "Here.", thoughts=[{"subject": "Look"}], toolCalls=[CALL])
    poor = {"$set": {"messages": [message("user", "m1", "Where?"), message("gemini", "m2", [{"text": "Here."}])]}}
    told = spoken(HEADER, message("user", "m1", "Where?"), rich, HEADER, poor, message("user", "m3", "Thanks"))
    assert told == [
        ("person", "Where?"),
        ("reasoning", "Look"),
        ("assistant", "Here."),
        ("tool_call", "glob: *.sql"),
        ("tool_result", "a.sql"),
        ("person", "Thanks"),
    ]


def test_a_history_that_holds_new_messages_gives_them() -> None:
    assert spoken(HEADER, {"$set": {"messages": [message("user", "m1", "Where?")]}}) == [("person", "Where?")]


def test_a_tool_result_in_a_users_message_is_no_persons_and_told_once() -> None:
    told = spoken(HEADER, message("gemini", "m1", "", toolCalls=[CALL]), message("user", "m2", [RESULT]))
    assert told == [("tool_call", "glob: *.sql"), ("tool_result", "a.sql")]


def test_a_tool_result_that_no_call_tells_is_kept() -> None:
    assert spoken(HEADER, message("user", "m2", [RESULT])) == [("tool_result", "a.sql")]


def test_the_session_context_is_nobodys_words() -> None:
    context = "<session_context>\nWe will use DuckDB.\n</session_context>"
    assert spoken(HEADER, message("user", "m1", [{"text": context}]), message("user", "m2", "Go on")) == [
        ("person", "Go on")
    ]


def test_contents_of_referenced_files_are_nobodys_words() -> None:
    parts = [
        "Explain @a.md",
        "\n--- Content from referenced files ---",
        "We will use DuckDB.",
        "--- End of content ---",
    ]
    assert spoken(HEADER, message("user", "m1", [{"text": part} for part in parts])) == [("person", "Explain @a.md")]


def test_what_was_typed_stands_for_what_was_sent() -> None:
    sent = message("user", "m1", [{"text": "Explain\nWe will use DuckDB."}], displayContent=[{"text": "Explain"}])
    assert spoken(HEADER, sent) == [("person", "Explain")]


def test_a_subagents_prompt_is_the_calling_models() -> None:
    assert spoken({**HEADER, "kind": "subagent"}, message("user", "m1", "Use DuckDB.")) == [
        ("assistant", "Use DuckDB.")
    ]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_whole_document_gives_its_messages_with_their_pointers(indent: int | None) -> None:
    whole = {**HEADER, "messages": [message("user", "m1", "Where?"), 7, message("info", "m2", "Cancelled")]}
    told = stdin_source(json.dumps(whole, indent=indent).encode(), Declared())
    found = list(READER.read(told))
    assert units(found) == READER.count(told) == 3
    assert [one.where for one in found if isinstance(one, Rejected)] == ["/messages/1"]
    (only,) = (one for one in found if isinstance(one, Session))
    assert [(said.text, said.locator) for said in only.utterances] == [("Where?", "/messages/0")]
    assert only.native_id == "s1"


def test_a_whole_document_cut_short_is_refused_as_a_source() -> None:
    whole = json.dumps({**HEADER, "messages": [message("user", "m1", "Where?")]}, indent=2)[:-9]
    with pytest.raises(SourceMalformed):
        list(READER.read(stdin_source(whole.encode(), Declared())))


def qwen(kind: str, uuid: str, parts: object, **more: object) -> Mapping[str, object]:
    return {"uuid": uuid, "sessionId": "q1", "type": kind, "cwd": "/shop", "message": {"parts": parts}, **more}


def test_qwens_hook_context_is_nobodys_words() -> None:
    context = "<qwen:user-prompt-submit-context>We will use DuckDB.</qwen:user-prompt-submit-context>"
    assert spoken(qwen("user", "u1", [{"text": "Where?"}, {"text": context}])) == [("person", "Where?")]


def test_qwens_displayed_text_stands_for_what_was_sent_and_notifications_are_the_harness_s() -> None:
    shown = qwen("user", "u1", [{"text": "Where? DuckDB."}], systemPayload={"displayText": "Where?"})
    note = qwen("user", "u2", [{"text": "Done in the background"}], subtype="notification")
    assert spoken(shown, note) == [("person", "Where?"), ("harness", "Done in the background")]


def test_qwens_records_keep_their_tree_and_a_copied_one_counts_once() -> None:
    thought = qwen("assistant", "u2", [{"text": "Hm", "thought": True}, {"text": "Here."}], parentUuid="u1")
    only = session(qwen("user", "u1", [{"text": "Where?"}]), thought, thought)
    assert [(said.role, said.native_id, said.parent_id) for said in only.utterances] == [
        ("person", "u1", None),
        ("reasoning", "u2", "u1"),
        ("assistant", "u2#1", "u1"),
    ]
    assert dict(only.set_aside) == {"repeated_uuid": 1}


def test_two_session_ids_are_two_sessions() -> None:
    told = source(HEADER, message("user", "m1", "Hi"), {**HEADER, "sessionId": "s2"}, message("user", "m2", "Hi"))
    found = [one for one in READER.read(told) if isinstance(one, Session)]
    assert [(one.native_id, len(one.utterances)) for one in found] == [("s1", 1), ("s2", 1)]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just("\ud83d"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = (
    "id uuid sessionId timestamp content parts toolCalls thoughts message displayContent projectHash messages".split()
)
RECORDS = st.dictionaries(st.sampled_from([*KEYS, "systemPayload", "$set", "kind"]), VALUES, max_size=6)
KINDS = st.sampled_from(["user", "gemini", "model", "assistant", "tool_result", "info", "x", 7])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(RECORDS, KINDS), max_size=6), st.booleans())
def test_values_of_any_type_anywhere_are_counted_and_never_break_the_reader(
    records: list[tuple[dict[str, object], object]], is_document: bool
) -> None:
    made: list[object] = [{**record, "type": kind} for record, kind in records]
    told = source({**HEADER, "messages": made}) if is_document else source(HEADER, *made)
    assert units(list(READER.read(told))) == READER.count(told)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_as_a_source(data: bytes) -> None:
    told = stdin_source(data + b"\n", Declared())
    try:
        assert READER.accepts(told) == 0
        list(READER.read(told))
    except SourceError:
        pass


def test_a_real_resumed_session_tells_each_message_once() -> None:
    folder = REAL / "agent-gemini"
    if not folder.is_dir():
        pytest.skip(f"real samples are not at {REAL.name}/ beside the repository")
    (path,) = folder.glob("live-*/*.jsonl")
    (only,) = READER.read(file_source(path, Declared()))
    assert isinstance(only, Session)
    assert [said.text for said in only.utterances if said.role == "person"][1:] == ["Why the client?"]
    assert len({(said.role, said.text) for said in only.utterances}) == len(only.utterances)
