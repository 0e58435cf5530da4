"""Codex sessions: whose words they are, nothing told twice, what is set aside or refused, and the decisions stated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.readers.codex import READER
from ingest.records import Rejected, Session, Source
from ingest.sources import Declared, file_source, stdin_source
from tests.growth import assert_linear

SAMPLES = Path(__file__).parents[3] / "data" / "samples" / "codex"
REAL = Path(__file__).parents[4] / "shared" / "samples" / "agent-codex"
META = {"type": "session_meta", "payload": {"id": "s1", "cwd": "/shop", "cli_version": "0.169.0"}}


def source(*records: object) -> Source:
    return stdin_source("\n".join(json.dumps(item) for item in records).encode(), Declared())


def item(**payload: object) -> Mapping[str, object]:
    return {"timestamp": "2026-03-11T09:00:00Z", "type": "response_item", "payload": payload}


def event(**payload: object) -> Mapping[str, object]:
    return {"timestamp": "2026-03-11T09:00:00Z", "type": "event_msg", "payload": payload}


def user(*texts: str, **more: object) -> Mapping[str, object]:
    return item(type="message", role="user", content=[{"type": "input_text", "text": text} for text in texts], **more)


def session(*records: object) -> Session:
    found = list(READER.read(source(META, *records)))
    (only,) = (one for one in found if isinstance(one, Session))
    units = only.kept + sum(times for _, times in only.set_aside)
    assert units + sum(one.units for one in found if isinstance(one, Rejected)) == READER.count(source(META, *records))
    return only


def spoken(*records: object) -> list[tuple[str, str]]:
    return [(said.role, said.text) for said in session(*records).utterances]


def test_the_sample_is_read_with_the_persons_question_once() -> None:
    (only,) = READER.read(file_source(next(SAMPLES.iterdir()), Declared()))
    assert isinstance(only, Session)
    assert [said.role for said in only.utterances] == ["person", "reasoning", "tool_call", "tool_result", "assistant"]
    assert (only.project, only.branch) == ("/home/tomas/lumen-goods/orders-pipeline", "main")
    assert only.utterances[3].text.startswith("models/marts/fct_orders.sql")
    assert dict(only.set_aside)["repeated"] == 3


def test_words_told_by_an_item_and_by_both_kinds_of_event_are_kept_once() -> None:
    newer = {"type": "UserMessage", "id": "u", "content": [{"type": "text", "text": "Why?"}]}
    told = (user("Why?"), event(type="user_message", message="Why?"), event(type="item_completed", item=newer))
    assert spoken(*told) == [("person", "Why?")]


def test_words_that_only_an_event_tells_are_kept() -> None:
    assert spoken(event(type="user_message", message="Why?"), event(type="agent_message", message="Because.")) == [
        ("person", "Why?"),
        ("assistant", "Because."),
    ]


def test_the_same_words_said_twice_stay_two_utterances() -> None:
    assert spoken(user("yes"), user("yes")) == [("person", "yes"), ("person", "yes")]


def test_a_command_that_an_event_tells_again_is_kept_once() -> None:
    call = item(type="function_call", name="exec_command", arguments='{"cmd": "ls"}', call_id="c1")
    ended = event(type="exec_command_end", call_id="c1", command=["bash", "-lc", "ls"], aggregated_output="a.txt")
    output = item(type="function_call_output", call_id="c1", output="Exit code: 2\nWall time: 0 seconds\nOutput:\nno")
    assert spoken(call, ended, output) == [("tool_call", "exec_command: ls"), ("tool_result", "Exit code: 2\nno")]


@pytest.mark.parametrize(
    "text",
    [
        "<environment_context>\n<cwd>/shop</cwd>\n</environment_context>",
        "<user_instructions>Always use DuckDB.</user_instructions>",
        "# AGENTS.md instructions for /shop\n\nAlways use DuckDB.",
        "<user_action>\n<results>We will use DuckDB.</results>\n</user_action>",
    ],
)
def test_injected_blocks_are_nobodys_words(text: str) -> None:
    assert "person" not in [role for role, _ in spoken(user(text), user("Go on"))][:-1]


def test_text_marked_as_the_harness_s_is_not_a_persons_even_without_a_known_wrapper() -> None:
    marks = {"content_item_metadata": [{"provenance": {"type": "harness"}}, {"provenance": {"type": "user"}}]}
    told = user("Use DuckDB.", "Go on", internal_chat_message_metadata_passthrough=marks)
    assert spoken(told) == [("harness", "Use DuckDB."), ("person", "Go on")]


def test_only_the_request_in_text_from_an_editor_is_the_persons() -> None:
    text = "# Context from my IDE setup:\n\n## Active file: a.sql\n\n## My request for Codex:\nAdd a test"
    assert spoken(user(text)) == [("person", "Add a test")]


def test_a_subagents_prompt_is_the_calling_models_and_its_parent_is_the_thread_that_spawned_it() -> None:
    spawned = {"subagent": {"thread_spawn": {"parent_thread_id": "p1"}}}
    meta = {"type": "session_meta", "payload": {"id": "s2", "cwd": "/shop", "source": spawned}}
    (only,) = READER.read(source(meta, user("Use DuckDB for it.")))
    assert isinstance(only, Session)
    assert (only.parent_id, only.utterances[0].role) == ("p1", "assistant")


def test_a_compaction_is_a_summary_and_its_raw_answer_is_set_aside() -> None:
    raw = {**item(type="message", role="assistant", content=[{"text": "Sum"}]), "metadata": {"compaction_output": True}}
    history = [{"type": "message", "role": "user", "content": [{"text": "Old words"}]}]
    compacted = {"type": "compacted", "payload": {"message": "Before: Sum", "replacement_history": history}}
    assert spoken(raw, compacted) == [("summary", "Before: Sum")]


def test_a_plan_update_keeps_every_step_with_its_state() -> None:
    plan = {"explanation": "Start small", "plan": [{"step": "Write test", "status": "completed"}, {"step": "Ship"}]}
    call = item(type="function_call", name="update_plan", arguments=json.dumps(plan), call_id="c1")
    assert spoken(call) == [("tool_call", "update_plan\n\nStart small\n\n- [completed] Write test\n- Ship")]


def dialog(answer: object, *, space: str = "", output: object = None) -> Session:
    options = [{"label": "DuckDB", "description": "One file"}, {"label": "Postgres", "description": "A server"}]
    asked = {"questions": [{"id": "q", "header": "Mart", "question": "Which database?", "options": options}]}
    given = output if output is not None else json.dumps({"answers": {"q": {"answers": answer}}})
    return session(
        item(
            type="function_call", name="request_user_input", namespace=space, arguments=json.dumps(asked), call_id="d"
        ),
        item(type="function_call_output", call_id="d", output=given),
    )


def test_an_answered_dialog_states_the_decision_with_its_reason_and_the_option_left() -> None:
    (found,) = dialog(["DuckDB"]).stated
    assert (found.subject, found.status) == ("Mart: Which database?", "accepted")
    assert [(part.kind, part.spans[0].quote) for part in found.parts] == [
        ("choice", "DuckDB"),
        ("rationale", "One file"),
        ("alternative", "Postgres"),
    ]


def test_a_note_beside_an_answer_is_kept_as_the_persons_words() -> None:
    only = dialog(["DuckDB", "user_note: for now"])
    assert only.utterances[-1].text == "DuckDB\nfor now"
    assert only.stated[0].parts[0].spans[0].quote == "DuckDB"


@pytest.mark.parametrize("answer", [["not sure yet"], [], "DuckDB", [7], None])
def test_an_answer_that_decides_nothing_states_nothing(answer: object) -> None:
    assert not dialog(answer).stated


def test_a_servers_tool_of_the_same_name_states_nothing() -> None:
    assert not dialog(["DuckDB"], space="mcp__shop").stated


def test_what_exec_prints_is_a_session_of_its_own_under_the_thread() -> None:
    done = {"id": "item_1", "type": "command_execution", "command": "ls", "aggregated_output": "a", "exit_code": 1}
    records = ({"type": "thread.started", "thread_id": "t1"}, {"type": "item.completed", "item": done})
    (only,) = READER.read(source(*records))
    assert isinstance(only, Session)
    assert (only.parent_id, only.identity) == ("t1", "content")
    assert [said.text for said in only.utterances] == ["exec_command: ls", "Exit code: 1\na"]


def test_the_second_header_of_a_fork_does_not_rename_the_session() -> None:
    assert session({"type": "session_meta", "payload": {"id": "old", "cwd": "/x"}}, user("Hi")).native_id == "s1"


def test_broken_lines_are_refused_with_their_place() -> None:
    data = json.dumps(META).encode() + b'\n{"type": "resp\n[1]\n{"type": "response_item", "payload": 7}\n{}\n\xff\n'
    found = [one for one in READER.read(stdin_source(data, Declared())) if isinstance(one, Rejected)]
    assert [one.where for one in found] == ["line 2", "line 3", "line 4", "line 5", "line 6"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just("\ud83d"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = "type id role content text call_id name arguments input output item summary message command source git".split()
KINDS = st.sampled_from(
    "message reasoning function_call function_call_output item_completed exec_command_end mcp_tool_call_end error"
    " patch_apply_end exited_review_mode user_message".split()
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "type": st.sampled_from(
                    ["session_meta", "response_item", "event_msg", "compacted", "item.completed", "x"]
                )
            },
            optional={
                "payload": st.dictionaries(st.sampled_from(KEYS), VALUES | KINDS, max_size=6) | VALUES,
                "item": st.dictionaries(st.sampled_from(KEYS), VALUES | KINDS, max_size=5) | VALUES,
                "metadata": VALUES,
                "timestamp": VALUES,
            },
        ),
        max_size=6,
    )
)
def test_values_of_any_type_anywhere_are_counted_and_never_break_the_reader(records: list[object]) -> None:
    told = source(*records, META)
    found = list(READER.read(told))
    units = sum(
        one.kept + sum(times for _, times in one.set_aside) if isinstance(one, Session) else one.units for one in found
    )
    assert units == READER.count(told)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_as_a_source(data: bytes) -> None:
    told = stdin_source(data + b"\n", Declared())
    try:
        assert READER.accepts(told) == 0
        list(READER.read(told))
    except SourceError:
        pass


def test_real_rollouts_tell_each_message_once() -> None:
    if not REAL.is_dir():
        pytest.skip(f"real samples are not at {REAL.name}/ beside the repository")
    (path,) = REAL.glob("live-*/rollout-*.jsonl")
    (only,) = READER.read(file_source(path, Declared()))
    assert isinstance(only, Session)
    assert [said.text for said in only.utterances if said.role == "person"][1:] == ["Why the client?"]
    assert len({(said.role, said.text) for said in only.utterances}) == len(only.utterances)


def test_a_flood_of_header_lines_above_an_output_takes_linear_time() -> None:
    def read(lines: int) -> None:
        flood = "Wall time: \n" * lines
        assert len(spoken(item(type="function_call_output", call_id="c", output=flood))) == 1

    assert_linear(read)
