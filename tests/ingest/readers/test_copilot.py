"""Copilot's events, chat snapshots and operation logs: whose words they are, what is set aside, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.errors import SourceError, SourceMalformed
from ingest.pipeline import Reading
from ingest.pipeline import read as accounted
from ingest.readers.copilot import READER
from ingest.records import Session, Source
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source

REAL = Path(__file__).parents[4] / "shared" / "samples" / "agent-copilot"
START = {"sessionId": "s-1", "copilotVersion": "1.0.9", "context": {"cwd": "/src/orders", "branch": "main"}}
PROMPT = {"requestId": "r-1", "timestamp": 1773132061000, "message": {"text": "Why does stg_orders drop rows?"}}


def lined(*values: object) -> Source:
    return stdin_source("\n".join(json.dumps(value) for value in values).encode(), Declared())


def event(number: int, kind: str, **data: object) -> object:
    at = f"2026-03-09T08:00:{number:02d}Z"
    return {"type": kind, "data": data, "id": f"e{number}", "parentId": f"e{number - 1}", "timestamp": at}


def events(*more: object) -> Source:
    return lined(event(1, "session.start", **START), *more)


def only(reading: Reading) -> Session:
    assert len(reading.sessions) == 1
    return reading.sessions[0]


def said(source: Source) -> list[tuple[str, str]]:
    return [(item.role, item.text) for item in only(accounted(source, READER)).utterances]


def test_a_prompt_is_what_was_typed_and_not_the_form_with_context_around_it() -> None:
    asked = event(2, "user.message", content="Why?", transformedContent="<now>…</now>\n\nWhy?")
    assert said(events(asked)) == [("person", "Why?")]


def test_the_start_names_the_session_its_folder_and_branch() -> None:
    found = only(accounted(events(event(2, "user.message", content="Why?")), READER))
    assert (found.native_id, found.project, found.branch) == ("s-1", "/src/orders", "main")
    assert found.notes == ("Copilot 1.0.9",)


@pytest.mark.parametrize(
    "mark", [{"source": "skill-pdf"}, {"isAutopilotContinuation": True}], ids=["skill", "autopilot"]
)
def test_prompts_by_programs_are_not_a_persons(mark: dict[str, object]) -> None:
    assert said(events(event(2, "user.message", content="Go on", **mark))) == [("harness", "Go on")]


def test_a_subagents_prompt_is_the_parent_models() -> None:
    assert said(events(event(2, "user.message", content="Look", parentToolCallId="c"))) == [("assistant", "Look")]


def test_arguments_are_read_as_an_object_and_as_the_text_of_one() -> None:
    calls = [{"name": "bash", "toolCallId": str(at), "arguments": given} for at, given in enumerate(
        ({"command": "ls"}, '{"command": "ls"}')
    )]  # fmt: skip
    assert (
        said(events(event(2, "assistant.message", content="", toolRequests=calls))) == [("tool_call", "bash: ls")] * 2
    )


def test_a_call_told_by_its_message_is_not_told_again_by_its_start() -> None:
    call = {"name": "bash", "toolCallId": "c", "arguments": {"command": "ls"}}
    told = event(2, "assistant.message", content="", toolRequests=[call])
    started = event(3, "tool.execution_start", toolCallId="c", toolName="bash", arguments={"command": "ls"})
    reading = accounted(events(told, started), READER)
    assert [item.text for item in only(reading).utterances] == ["bash: ls"]
    assert dict(reading.set_aside)["tool_start"] == 1


def test_a_command_that_failed_says_so_although_the_call_succeeded() -> None:
    done = event(2, "tool.execution_complete", success=True, shellExecution={"exitCode": 2}, result={"content": "no"})
    assert said(events(done)) == [("tool_result", "no\n[exit code 2]")]


def test_answers_link_over_events_without_words() -> None:
    source = events(
        event(2, "user.message", content="Why?"),
        event(3, "assistant.turn_start"),
        event(4, "assistant.message", content="So"),
    )
    assert [item.parent_id for item in only(accounted(source, READER)).utterances] == [None, "e2"]


def test_an_id_with_other_words_is_refused_and_with_the_same_words_set_aside() -> None:
    asked, other = event(2, "user.message", content="Why?"), event(2, "user.message", content="How?")
    reading = accounted(events(asked, asked, other), READER)
    assert dict(reading.set_aside)["repeated_event"] == 1
    assert [item.where for item in reading.rejected] == ["line 4"]


def test_vendor_prompts_and_unknown_events_are_counted_by_name() -> None:
    reading = accounted(events(event(2, "system.message", content="You are"), event(3, "new.thing", text="x")), READER)
    assert dict(reading.set_aside) == {"session_state": 1, "unknown_record_type:new.thing": 1, "vendor_prompt": 1}


def test_a_log_gives_the_session_as_it_stands_at_its_end() -> None:
    other = {**PROMPT, "requestId": "r-2", "message": {"text": "And is_test?"}}
    source = lined(
        {"kind": 0, "v": {"sessionId": "s-2", "requests": []}},
        {"kind": 2, "k": ["requests"], "v": [PROMPT, PROMPT]},
        {"kind": 2, "k": ["requests"], "i": 1, "v": [other]},
        {"kind": 2, "k": ["requests", 1, "response"], "v": [{"value": "It marks "}, {"value": "tests."}]},
        {"kind": 1, "k": ["inputState", "text"], "v": "typed, not sent"},
        {"kind": 1, "k": ["customTitle"], "v": "Test orders"},
    )
    assert reader_for(source) is READER
    reading = accounted(source, READER)
    assert [item.text for item in only(reading).utterances] == [
        "Why does stg_orders drop rows?", "And is_test?", "It marks tests.",
    ]  # fmt: skip
    assert (only(reading).title, only(reading).native_id) == ("Test orders", "s-2")
    assert [item.where for item in reading.rejected] == ["line 5"]  # no inputState to set it in


@pytest.mark.parametrize(
    "operation",
    [
        {"kind": 9, "k": ["requests"], "v": []},
        {"kind": 1, "k": [], "v": 1},
        {"kind": 1, "k": ["requests", 7], "v": 1},
        {"kind": 1, "k": ["requests", 10**30], "v": 1},
        {"kind": 2, "k": ["sessionId"], "v": ["x"]},
        {"kind": 2, "k": ["requests"], "i": -1, "v": []},
        {"kind": True, "k": "requests"},
        7,
    ],
)
def test_an_operation_that_cannot_be_carried_out_is_refused_and_the_others_count(operation: object) -> None:
    reading = accounted(lined({"kind": 0, "v": {"sessionId": "s", "requests": [PROMPT]}}, operation), READER)
    assert [item.where for item in reading.rejected] == ["line 2"]
    assert len(only(reading).utterances) == 1


def test_a_snapshot_tells_its_asker_its_tools_and_edits() -> None:
    reply = [
        {"kind": "thinking", "value": "Look first."},
        {"value": "See "},
        {"kind": "inlineReference", "inlineReference": {"path": "/src/stg_orders.sql"}},
        {
            "kind": "toolInvocationSerialized",
            "toolId": "run",
            "toolSpecificData": {"commandLine": {"original": "dbt ls"}},
        },
        {"kind": "codeblockUri"},
        {"value": "\n```\n"},
        {"kind": "textEditGroup", "uri": {"path": "/src/stg_orders.sql"}},
    ]
    whole = {"version": 3, "requesterUsername": "mara", "responderUsername": "GitHub Copilot", "sessionId": "s-3"}
    source = stdin_source(json.dumps({**whole, "requests": [{**PROMPT, "response": reply}, 7]}).encode(), Declared())
    assert reader_for(source) is READER
    reading = accounted(source, READER)
    assert [(item.role, item.text, item.speaker) for item in only(reading).utterances] == [
        ("person", "Why does stg_orders drop rows?", "mara"),
        ("reasoning", "Look first.", "assistant"),
        ("assistant", "See `stg_orders.sql`", "assistant"),
        ("tool_call", "run: dbt ls", "assistant"),
        ("tool_call", "edit: /src/stg_orders.sql", "assistant"),
    ]
    assert [(item.where, item.units) for item in reading.rejected] == [("/requests/1", 1)]


def test_a_broken_snapshot_is_refused_as_a_whole() -> None:
    data = b'{"responderUsername": "GitHub Copilot", "requests": [{"requestId": "r-1", "mess'
    with pytest.raises(SourceMalformed, match="copilot"):
        accounted(stdin_source(data, Declared()), READER)


@pytest.mark.parametrize(
    "data", [b"[" * 100_000, b'{"kind": 0, "v": {"requests": ' + b"[" * 100_000, b'{"type": 1e400}']
)
def test_hostile_bytes_are_refused_or_counted(data: bytes) -> None:
    try:
        assert accounted(stdin_source(data, Declared()), READER).kept == 0
    except SourceError as error:
        assert str(error)


def test_real_files_give_the_words_that_were_typed() -> None:
    if not REAL.is_dir():
        pytest.skip(f"real samples are not at {REAL.name}/ beside the repository")
    reading = accounted(file_source(REAL / "live-cli-1.0.102-shop-api" / "events.jsonl", Declared()), READER)
    asked = [item.text for item in only(reading).utterances if item.role == "person"]
    assert asked[1:] == ["Why the client?"]
    assert asked[0].startswith("Should payment retries live in the client")
    assert not reading.rejected


ASKED = {"question": "How are late rows handled?", "choices": ["Drop them (Recommended)", "Keep them, flagged"]}


def dialog(printed: str, **asked: object) -> Session:
    return only(
        accounted(
            events(
                event(2, "tool.execution_start", toolCallId="c", toolName="ask_user", arguments=asked or ASKED),
                event(3, "tool.execution_complete", toolCallId="c", success=True, result={"content": printed}),
            ),
            READER,
        )
    )


def test_a_choice_picked_in_a_dialog_is_the_persons_decision_and_the_others_are_alternatives() -> None:
    found = dialog("User selected: Keep them, flagged")
    assert [(one.role, one.text) for one in found.utterances] == [
        ("tool_call", "ask_user: How are late rows handled?\n- Drop them (Recommended)\n- Keep them, flagged"),
        ("person", "Keep them, flagged"),
    ]
    (decision,) = found.stated
    assert (decision.subject, decision.authority) == ("How are late rows handled?", "structured")
    assert [(part.kind, [one.quote for one in part.spans]) for part in decision.parts] == [
        ("choice", ["Keep them, flagged", "Keep them, flagged"]),
        ("alternative", ["Drop them (Recommended)"]),
    ]


def test_words_typed_in_a_dialog_decide_where_they_take_a_side() -> None:
    assert (
        dialog("User responded: drop them after a week").stated[0].parts[0].spans[0].quote == "drop them after a week"
    )
    assert dialog("User responded: not sure yet").stated == ()


def test_a_dialog_left_without_an_answer_states_nothing_and_its_result_is_the_tools() -> None:
    found = dialog("The user dismissed the question.")
    assert (found.stated, found.utterances[-1].role) == ((), "tool_result")


@pytest.mark.parametrize("given", [ASKED, json.dumps(ASKED)], ids=["object", "text"])
def test_a_dialog_told_in_a_message_is_answered_too(given: object) -> None:
    request = {"toolCallId": "c", "name": "ask_user", "arguments": given}
    found = only(
        accounted(
            events(
                event(2, "assistant.message", content="", toolRequests=[request]),
                event(3, "tool.execution_start", toolCallId="c", toolName="ask_user", arguments=ASKED),
                event(
                    4,
                    "tool.execution_complete",
                    toolCallId="c",
                    result={"content": "User selected: Keep them, flagged"},
                ),
            ),
            READER,
        )
    )
    assert len(found.stated) == 1


def test_other_tools_answers_are_no_persons_words() -> None:
    source = events(
        event(2, "tool.execution_start", toolCallId="c", toolName="bash", arguments={"command": "cat log"}),
        event(3, "tool.execution_complete", toolCallId="c", result={"content": "User selected: everything"}),
    )
    found = only(accounted(source, READER))
    assert (found.stated, found.utterances[-1].role) == ((), "tool_result")
