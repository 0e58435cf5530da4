"""Events of Copilot's CLI and of VS Code's transcripts: what each says, or the rule that sets it aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ingest.agent_lines import lines, record_of, refused
from ingest.agent_turns import ASSISTANT, Log, Said, call, mapping, plain, result, sequence, session, string, typed
from ingest.agent_turns import unknown as unknown_rule
from ingest.harness import PERSON, native_id
from ingest.json_source import moment
from ingest.readers.copilot_dialogs import DIALOG, Asked, answer, answered, asked
from ingest.records import Rejected, Session, Source
from ingest.text import folded

_RULES: Mapping[str, str] = {
    "system.message": "vendor_prompt",
    "system.notification": "system_event",
    "abort": "system_event",
    "session.error": "system_event",
    "session.warning": "system_event",
    "assistant.turn_start": "turn_mark",
    "assistant.turn_end": "turn_mark",
}
_FAMILIES: Mapping[str, str] = {"session": "session_state", "hook": "hook", "subagent": "subagent_event"}
_SHORT_COMMIT = 12


@dataclass(slots=True)
class _Run:
    """One session so far."""

    log: Log = field(default_factory=Log)
    tools: dict[str, str] = field(default_factory=dict)
    """Call id -> tool's name, of every call that has been told."""
    dialogs: dict[str, Asked] = field(default_factory=dict)
    """Call id -> the question dialog that the call opens."""
    thoughts: set[int] = field(default_factory=set)
    seen: dict[str, int] = field(default_factory=dict)
    """Event id -> hash of its words."""
    above: dict[str, str] = field(default_factory=dict)
    """Event id -> id of the last utterance at or above it, so that events without words leave no gap."""


def read_events(source: Source) -> Iterator[Session | Rejected]:
    """Refused lines as they come, then the sessions in order."""
    runs: dict[str, _Run] = {}
    run = _Run()
    for line in lines(source, "copilot"):
        record = record_of(line, source.encoding)
        if isinstance(record, Rejected):
            yield record
            continue
        kind, data = string(record.get("type")), record.get("data")
        if not kind or not isinstance(data, dict):
            yield refused(line, "no event: it has no type, or its data is no object")
            continue
        if kind == "session.start":
            run = runs.setdefault(native_id(string(data.get("sessionId"))), run if not runs else _Run())
        elif not runs:
            runs[""] = run
        if problem := _take(run, kind, data, record, line.number):
            yield refused(line, problem)
    for name, found in runs.items():
        found.log.native_id = name
        yield session(found.log, source)


def _take(run: _Run, kind: str, data: Mapping[str, object], record: Mapping[str, object], number: int) -> str:
    """Adds one event; the answer is empty, or why it is refused."""
    log = run.log
    if kind in ("session.start", "session.resume", "session.context_changed"):
        _note_places(log, data)
        log.keep("session_state")
        return ""
    if kind == "session.title_changed" and (title := string(data.get("title"))):
        log.title = title
        log.keep()
        return ""
    said, rule = _said(run, kind, data)
    own = native_id(string(record.get("id")))
    words = hash(tuple((item.role, item.text) for item in said))
    if said and own in run.seen:
        if run.seen[own] != words:
            return "its id is that of an earlier event with other content"
        log.keep("repeated_event")
        return ""
    if said and own:
        run.seen[own] = words
    parent = run.above.get(native_id(string(record.get("parentId"))), "")
    log.say(said, f"line {number}", native_id=own, parent=parent, at=moment(record.get("timestamp")))
    dialog = run.dialogs.get(string(data.get("toolCallId")))
    if dialog and said and said[0].role == "person" and (decision := answered(dialog, log.utterances)):
        log.stated.append(decision)
    run.above[own] = (log.utterances[-1].native_id or "") if said else parent
    log.keep("" if said else rule)
    return ""


def _said(run: _Run, kind: str, data: Mapping[str, object]) -> tuple[list[Said], str]:
    """The words of an event, and the rule for it where there are none."""
    if kind == "user.message":
        return _asked(data), "no_text"
    if kind == "assistant.message":
        return _answered(run, data), "no_text"
    if kind == "assistant.reasoning":
        return _thought(run, data.get("content"), ASSISTANT), "repeated_event"
    if kind == "tool.execution_start":
        return _started(run, data), "tool_start"
    if kind == "tool.execution_complete":
        return _finished(run, data), "no_text"
    if kind == "session.compaction_complete":
        return plain("summary", data.get("summaryContent")), "session_state"
    return [], _RULES.get(kind) or _FAMILIES.get(kind.partition(".")[0]) or unknown_rule(kind)


def _asked(data: Mapping[str, object]) -> list[Said]:
    """A prompt; one that the parent model, a skill or the autopilot wrote is not a person's."""
    words = string(data.get("content"))
    if string(data.get("parentToolCallId")):
        return plain("assistant", words, ASSISTANT)
    if data.get("isAutopilotContinuation") is True or string(data.get("source")) not in ("", "user"):
        return plain("harness", words)
    return typed(words)


def _answered(run: _Run, data: Mapping[str, object]) -> list[Said]:
    speaker = string(data.get("model")) or ASSISTANT
    said = [*_thought(run, data.get("reasoningText"), speaker), *plain("assistant", data.get("content"), speaker)]
    for item in sequence(data.get("toolRequests")):
        request = mapping(item)
        name, key = string(request.get("name")), string(request.get("toolCallId"))
        if name:
            said.append(_called(run, key, name, request.get("arguments"), speaker))
    return said


def _thought(run: _Run, value: object, speaker: str) -> list[Said]:
    """Reasoning, once: it may stand in an event of its own and in the message again."""
    text = string(value)
    if not text or hash(text) in run.thoughts:
        return []
    run.thoughts.add(hash(text))
    return plain("reasoning", text, speaker)


def _started(run: _Run, data: Mapping[str, object]) -> list[Said]:
    """A call that no message has told of."""
    name, key = string(data.get("toolName")), string(data.get("toolCallId"))
    if not name or key in run.tools:
        return []
    return [_called(run, key, name, data.get("arguments"), string(data.get("model")) or ASSISTANT)]


def _called(run: _Run, key: str, name: str, given: object, speaker: str) -> Said:
    """A call in words; a question dialog whole, with its choices."""
    run.tools[key] = name
    if (dialog := asked(name, given)) is None:
        return call(name, given, speaker)
    run.dialogs[key] = dialog
    return Said("tool_call", dialog.text, speaker, DIALOG)


def _finished(run: _Run, data: Mapping[str, object]) -> list[Said]:
    given = data.get("result")
    values, error = mapping(given), mapping(data.get("error"))
    texts = (given, *(values.get(key) for key in ("content", "text_result_for_llm", "detailedContent")))
    text = next((found for value in texts if (found := string(value))), "")
    problem = string(error.get("message")) or string(data.get("error"))
    exit_code = mapping(data.get("shellExecution")).get("exitCode")
    key = string(data.get("toolCallId"))
    tool = run.tools.get(key, "")
    if key in run.dialogs and (told := answer(text)):
        return [Said("person", told, PERSON)]
    return result(text or problem, tool, exit_code=exit_code, is_error=data.get("success") is False)


def _note_places(log: Log, data: Mapping[str, object]) -> None:
    context = mapping(data.get("context")) or data
    log.project = log.project or folded(string(context.get("cwd")), 400)
    log.branch = folded(string(context.get("branch")), 200) or log.branch
    log.created_at = log.created_at or moment(data.get("startTime"))
    commit = string(context.get("headCommit"))[:_SHORT_COMMIT]
    notes = {
        "Copilot": data.get("copilotVersion"),
        "VS Code": data.get("vscodeVersion"),
        "repository": context.get("repository"),
        "at commit": commit,
    }
    for name, value in notes.items():
        if text := folded(string(value), 120):
            log.notes.setdefault(f"{name} {text}")
