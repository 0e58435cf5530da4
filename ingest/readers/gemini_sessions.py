"""Gemini and Qwen sessions being gathered: operations applied in order, of each message its fullest version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ingest.agent_runs import Run, count, say, unknown_rule
from ingest.json_tree import items
from ingest.json_values import fields, moment, words
from ingest.readers.gemini_messages import Piece, message_of, qwen_of
from ingest.text import folded

_NOTICES = {"info": "notice", "warning": "notice", "error": "notice", "compression": "machine_summary"}
_PARENT_FOLDER = re.compile(r"[/\\]chats[/\\]([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[/\\]")
_WORKSPACE = re.compile(r"\*\*Workspace Directories:\*\*[ \t]*\n[ \t]*-[ \t]+([^\n]{1,400})")
_CONTEXT = "<session_context>"
_MESSAGE_TYPES = ("user", "gemini", "model")


@dataclass(slots=True)
class Kept:
    """The fullest version of one message."""

    message: Mapping[str, object]
    locator: str
    units: int
    """How many units it stands for: 0 in a rewritten history."""
    is_qwen: bool = False


@dataclass(slots=True)
class Gathered:
    """One session so far."""

    run: Run = field(default_factory=Run)
    kept: list[Kept] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    """Message id -> position in `kept`."""
    is_side: bool = False
    is_headed: bool = False


@dataclass(slots=True)
class Gathering:
    """All sessions of one file, in order of first appearance."""

    sessions: dict[str, Gathered] = field(default_factory=dict)
    current: str = ""


def take(gathering: Gathering, record: Mapping[str, object], line: int, pointer: str = "") -> str:
    """Adds one record; the answer is empty, or why the record is refused."""
    kind = words(record.get("type"))
    locator = pointer or f"line {line}"
    if "$set" in record:
        _operate(_session(gathering), fields(record.get("$set")), locator)
        return ""
    if not kind and words(record.get("sessionId")):
        _header(gathering, record)
        return ""
    if not kind:
        return "an object without a record type"
    if isinstance(record.get("message"), dict) or "uuid" in record:
        _qwen(gathering, record, kind, locator)
        return ""
    session = _session(gathering)
    if kind in _MESSAGE_TYPES:
        _keep(session, record, locator, 1)
    else:
        count(session.run, _NOTICES.get(kind) or unknown_rule(kind))
    return ""


def take_document(gathering: Gathering, whole: Mapping[str, object]) -> None:
    """The facts of a whole document; its messages are taken one by one, and its header is no unit."""
    session = _session(gathering, words(whole.get("sessionId")).strip())
    _facts(session, whole)
    session.is_headed = True


def _session(gathering: Gathering, native: str = "") -> Gathered:
    """The session of that id, or the current one; words before any header belong to the first that follows."""
    key = native or gathering.current
    if native and "" in gathering.sessions and len(gathering.sessions) == 1:
        gathering.sessions[native] = gathering.sessions.pop("")
    gathering.current = key
    session = gathering.sessions.setdefault(key, Gathered())
    session.run.native = key
    return session


def _header(gathering: Gathering, record: Mapping[str, object]) -> None:
    session = _session(gathering, words(record.get("sessionId")).strip())
    count(session.run, "repeated_header" if session.is_headed else "")
    if not session.is_headed:
        _facts(session, record)
    session.is_headed = True
    for at, message in enumerate(items(record.get("messages"))):
        if isinstance(message, dict):
            _keep(session, message, f"message {at + 1}", 0)


def _facts(session: Gathered, record: Mapping[str, object]) -> None:
    session.run.started = moment(record, "startTime")
    session.is_side = words(record.get("kind")) == "subagent"
    directories = items(record.get("directories"))
    session.run.project = words(directories[0]).strip() if directories else ""
    if hash_of := folded(words(record.get("projectHash")), 80):
        session.run.notes[f"Gemini CLI project {hash_of[:12]}"] = None


def _operate(session: Gathered, change: Mapping[str, object], locator: str) -> None:
    """A `$set`: a history written anew adds what was not there yet; anything else is metadata."""
    history = items(change.get("messages"))
    new = 0
    for at, message in enumerate(history, 1):
        if isinstance(message, dict) and words(message.get("type")) in _MESSAGE_TYPES:
            new += _keep(session, message, f"{locator}, message {at}", 0)
    count(session.run, "" if new else "history_rewrite" if history else "metadata")


def _keep(session: Gathered, message: Mapping[str, object], locator: str, units: int) -> bool:
    """Keeps a message, or the fuller of two versions of one id; the answer is whether it was not there before."""
    native, opening = words(message.get("id")).strip(), _opening(message)
    if opening.startswith(_CONTEXT) and not session.run.project and (place := _WORKSPACE.search(opening)):
        session.run.project = place[1].strip()
    key = native or f"{words(message.get('type'))} {words(message.get('timestamp'))} {hash(opening)}"
    at = session.places.get(key)
    if at is None:
        session.places[key] = len(session.kept)
        session.kept.append(Kept(message, locator, units))
        return True
    held = session.kept[at]
    is_rewritten = units < held.units  # a resume's history is poorer than the lines it repeats
    if not is_rewritten and _fullness(message) >= _fullness(held.message):
        session.kept[at] = Kept(message, locator, units)
    if units and (held.units or session.kept[at] is held):
        count(session.run, "earlier_version")
    return False


def _opening(message: Mapping[str, object]) -> str:
    content = message.get("content", message.get("parts"))
    return words(content) or "".join(words(fields(part).get("text")) for part in items(content))


def _fullness(message: Mapping[str, object]) -> tuple[int, int, int]:
    return len(items(message.get("toolCalls"))), len(items(message.get("thoughts"))), len(_opening(message))


def _qwen(gathering: Gathering, record: Mapping[str, object], kind: str, locator: str) -> None:
    session = _session(gathering, words(record.get("sessionId")).strip())
    run = session.run
    run.project = run.project or words(record.get("cwd")).strip()
    run.branch = words(record.get("gitBranch")).strip() or run.branch
    if version := folded(words(record.get("version")), 40):
        run.notes[f"Qwen Code {version}"] = None
    if kind not in ("user", "assistant", "tool_result", "system"):
        count(run, unknown_rule(kind))
        return
    uuid = words(record.get("uuid")).strip()
    if uuid and uuid in session.places:
        count(run, "repeated_uuid")
        return
    if uuid:
        session.places[uuid] = len(session.kept)
    session.kept.append(Kept(record, locator, 1, is_qwen=True))


def finish(gathering: Gathering, uri: str) -> Iterator[Run]:
    """The sessions, each message said once and each tool result once; a subagent's folder is its parent's id."""
    folder = _PARENT_FOLDER.search(uri)
    for session in gathering.sessions.values():
        if session.is_side and folder and folder[1] != session.run.native:
            session.run.parent = folder[1]
        told = [(kept, *_told(kept, is_side=session.is_side)) for kept in session.kept]
        called = {piece.call for kept, pieces, _ in told if _is_model(kept) for piece in pieces if _is_result(piece)}
        for kept, pieces, rule in told:
            fresh = [piece for piece in pieces if _is_model(kept) or not (_is_result(piece) and piece.call in called)]
            said = [utterance for piece in fresh if (utterance := say(session.run, piece.said))]
            if kept.units:
                count(session.run, "" if said else "repeated_result" if pieces else rule)
        yield session.run


def _told(kept: Kept, *, is_side: bool) -> tuple[list[Piece], str]:
    if kept.is_qwen:
        return qwen_of(kept.message, kept.locator)
    return message_of(kept.message, kept.locator, is_side=is_side)


def _is_model(kept: Kept) -> bool:
    return words(kept.message.get("type")) != "user"


def _is_result(piece: Piece) -> bool:
    return piece.said.role == "tool_result" and bool(piece.call)
