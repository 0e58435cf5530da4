"""VS Code's chat sessions: the snapshot, the operation log replayed into one, and the turns of its requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ingest.agent_lines import lines, record_of, refused
from ingest.agent_turns import ASSISTANT, Log, Said, call, mapping, plain, sequence, session, string, typed
from ingest.errors import SourceMalformed, SourceTooLarge
from ingest.harness import PERSON, native_id
from ingest.json_source import document, moment
from ingest.records import MAX_WHOLE_BYTES, Rejected, Session, Source
from ingest.text import folded, glimpse

_SNAPSHOT, _SET, _PUSH, _DELETE = 0, 1, 2, 3
_SHOWN_CHARS = 500


def read_snapshot(source: Source) -> Iterator[Session | Rejected]:
    """Refused requests, then the one session.

    Raises: SourceMalformed where there is no list of requests.
    """
    state = _whole(source)
    log = Log()
    for broken in _requests(log, state):
        yield broken
        log.kept -= 1
    log.kept += len(sequence(state.get("requests")))
    _facts(log, state)
    yield session(log, source)


def count_requests(source: Source) -> int:
    """The requests of a snapshot."""
    return len(sequence(_whole(source).get("requests")))


def read_log(source: Source) -> Iterator[Session | Rejected]:
    """Refused operations as they come, then the session that the others make."""
    if source.size_bytes > MAX_WHOLE_BYTES:
        raise SourceTooLarge(source.uri, size_bytes=source.size_bytes, limit_bytes=MAX_WHOLE_BYTES)
    state: dict[str, object] = {}
    log = Log()
    for line in lines(source, "copilot"):
        record = record_of(line, source.encoding)
        if isinstance(record, Rejected):
            yield record
        elif record.get("kind") == _SNAPSHOT and isinstance(first := record.get("v"), dict):
            state = first
            log.keep()
        elif problem := _apply(state, record):
            yield refused(line, problem)
        else:
            log.keep("" if _path(record)[:1] in (["requests"], ["customTitle"], ["sessionId"]) else "editor_state")
    if not log.kept and not log.set_aside:
        return
    for broken in _requests(log, state):
        yield Rejected(broken.reason, broken.where, broken.text, units=0)
    _facts(log, state)
    yield session(log, source)


def _whole(source: Source) -> Mapping[str, object]:
    value = mapping(document(source, reader="copilot"))
    if not isinstance(value.get("requests"), list):
        raise SourceMalformed(source.uri, reader="copilot", where="/requests", problem="no list of requests")
    return value


def _path(record: Mapping[str, object]) -> list[object]:
    return sequence(record.get("k"))


def _apply(state: dict[str, object], record: Mapping[str, object]) -> str:
    """Carries one operation out; the answer is empty, or why it cannot be."""
    kind, path = record.get("kind"), _path(record)
    if isinstance(kind, bool) or kind not in (_SET, _PUSH, _DELETE) or not path:
        return "no operation: its kind is unknown, or it has no path"
    place: object = state
    for key in path[:-1]:
        place = _under(place, key)
    key = path[-1]
    if kind == _PUSH:
        return _push(place, key, record)
    if isinstance(place, dict) and isinstance(key, str):
        if kind == _SET:
            place[key] = record.get("v")
        else:
            place.pop(key, None)
        return ""
    at = _index(key)
    if not isinstance(place, list) or at is None or at > len(place):
        return "its path leads nowhere"
    place[at : at + 1] = [record.get("v") if kind == _SET else None]  # a deleted item leaves its place empty
    return ""


def _push(place: object, key: object, record: Mapping[str, object]) -> str:
    """Puts items behind a list's; with `i`, behind its first `i` items, and the others go."""
    found, items, start = _under(place, key), record.get("v"), record.get("i")
    if found is None and isinstance(place, dict) and isinstance(key, str):
        found = place[key] = []
    if not isinstance(found, list) or not isinstance(items, (list, type(None))):
        return "there is no list at its path, or its values are none"
    if start is not None and _index(start) is None:
        return "its index is no position"
    del found[len(found) if start is None else _index(start) :]
    found.extend(items or ())
    return ""


def _under(place: object, key: object) -> object:
    if isinstance(place, dict):
        return place.get(key) if isinstance(key, str) else None
    at = _index(key)
    return place[at] if isinstance(place, list) and at is not None and at < len(place) else None


def _index(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def _facts(log: Log, state: Mapping[str, object]) -> None:
    log.native_id = native_id(string(state.get("sessionId")))
    log.title = string(state.get("customTitle"))
    log.created_at = moment(state.get("creationDate"))


def _requests(log: Log, state: Mapping[str, object]) -> Iterator[Rejected]:
    """Says what each request holds; yields those that hold nothing that can be said."""
    asker = folded(string(state.get("requesterUsername")), 80) or PERSON
    for at, item in enumerate(sequence(state.get("requests"))):
        where = f"/requests/{at}"
        request = mapping(item)
        if not isinstance(request.get("message"), (dict, str)):
            yield Rejected("a request without a message", where, glimpse(item)[:_SHOWN_CHARS])
            continue
        when = moment(request.get("timestamp"))
        own = native_id(string(request.get("requestId")))
        log.say(typed(_message(request.get("message")), speaker=asker), f"{where}/message", native_id=own, at=when)
        reply = native_id(string(request.get("responseId"))) or (f"{own}/response" if own else "")
        log.say(_response(request, where), f"{where}/response", native_id=reply, parent=own, at=when)


def _message(value: object) -> str:
    """The words of a prompt: its text, else its parts'."""
    given = mapping(value)
    parts = (string(mapping(part).get("text")) for part in sequence(given.get("parts")))
    return string(value) or _words(given.get("text")) or "\n".join(part for part in parts if part)


def _words(value: object) -> str:
    """Markdown that stands as a string or as `{value}`."""
    return string(value) or string(mapping(value).get("value"))


def _response(request: Mapping[str, object], where: str) -> Iterator[Said]:
    """An answer's items; Markdown runs on through the names of files between its pieces."""
    speaker = folded(string(request.get("modelId")), 80) or ASSISTANT
    items = [mapping(value) for value in sequence(request.get("response"))]
    fence = "```" if any(item.get("kind") == "codeblockUri" for item in items) else ""
    pieces: list[str] = []
    start = 0
    for at, item in enumerate(items):
        piece = _piece(item)
        if fence and piece.strip() == fence:
            continue  # stands about an edit, which is told of itself
        if piece:
            start = at if not pieces else start
            pieces.append(piece)
            continue
        said = _act(item, speaker)
        if said:
            yield from _prose(pieces, speaker, f"{where}/response/{start}")
            pieces = []
            yield Said(said.role, said.text, said.speaker, said.topic, f"{where}/response/{at}")
    yield from _prose(pieces, speaker, f"{where}/response/{start}")


def _piece(item: Mapping[str, object]) -> str:
    """A stretch of Markdown, as it stands, or the name of a file within it."""
    value, kind = item.get("value"), item.get("kind")
    if kind == "inlineReference":
        given = mapping(item.get("inlineReference"))
        place = given if "path" in given else mapping(given.get("uri") or mapping(given.get("location")).get("uri"))
        name = string(item.get("name")) or string(given.get("name")) or string(place.get("path")).rsplit("/", 1)[-1]
        return f"`{name}`" if name else ""
    if kind is not None and kind != "markdownContent":
        return ""
    content = mapping(item.get("content")).get("value")
    return next((text for text in (value, content, mapping(value).get("value")) if isinstance(text, str)), "")


def _prose(pieces: list[str], speaker: str, locator: str) -> Iterator[Said]:
    text = string("".join(pieces))
    if text:
        yield Said("assistant", text, speaker, locator=locator)


def _act(item: Mapping[str, object], speaker: str) -> Said | None:
    """A thought, a tool call or an edit; None for marks of the editor."""
    kind = item.get("kind")
    if kind == "thinking":
        return next(iter(plain("reasoning", _words(item.get("value")), speaker)), None)
    if kind == "toolInvocationSerialized":
        given = mapping(mapping(item.get("toolSpecificData")).get("commandLine"))
        told = _words(item.get("pastTenseMessage")) or _words(item.get("invocationMessage"))
        return call(string(item.get("toolId")), {"command": string(given.get("original")) or told}, speaker)
    if kind == "textEditGroup":
        return call("edit", {"path": mapping(item.get("uri")).get("path")}, speaker)
    return None
