"""Amp threads: the JSON document of one thread, as `amp threads export` prints it.

Unit: a message. One session for each thread.

- person: text of a `user` message outside wrappers. harness: text beside the result of a tool.
- assistant, reasoning, tool_call (name and main argument), tool_result (the first 2,000 characters, errors and
  refusals whole, with the state where it is not `done`).

Set aside: no_text (pictures, empty blocks), info (messages of another role). A message that is no object, and a
document that is no thread, are refused.

Locator: JSON pointer. Native id of an utterance: the thread's id and the message's number in it, with `#0`, `#1`…
where one message gives several.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from ingest.agent_blocks import Message, answered, from_assistant, placed, result_text, say_all, typed
from ingest.agent_runs import ASSISTANT, Run, Said, session_of
from ingest.json_source import moment, name, shape
from ingest.json_tree import dumped, first_line, items, line, refused
from ingest.json_values import Fields, fields, inside, words
from ingest.records import Reader, Rejected, Session, Source
from ingest.text import glimpse

_NAME = "amp"
_BRANCH = "refs/heads/"
_FILE = "file://"


def accepts(source: Source) -> int:
    """83 for a document whose id begins with `T-` and that has a revision and messages, else 0."""
    shown = shape(source)
    is_thread = shown.get("/id", "").startswith('"T-') and shown.get("/messages") == "["
    return 83 if is_thread and "/v" in shown else 0


def count(source: Source) -> int:
    """The messages of every thread; a document that is none counts once."""
    return sum(_units(value) for _, value in dumped(source, reader=_NAME))


def read(source: Source) -> Iterator[Session | Rejected]:
    """One session for each document; what is no message before it."""
    for place, value in dumped(source, reader=_NAME):
        messages = inside(value, "messages")
        if not isinstance(value, dict):
            yield refused(value, place or "/")
        elif not isinstance(messages, list):
            yield Rejected("a thread without messages", place or "/", glimpse(value)[:500])
        else:
            run = _run(value)
            tools: dict[str, str] = {}
            for at, message in enumerate(messages):
                where = f"{place}/messages/{at}"
                if isinstance(message, dict):
                    _take(run, message, where, tools)
                else:
                    yield refused(message, where)
            yield session_of(run, source)


def _units(value: object) -> int:
    messages = inside(value, "messages")
    return len(messages) if isinstance(messages, list) else 1


def _run(thread: Fields) -> Run:
    tree = next(iter(items(inside(thread, "env", "initial", "trees"))), None)
    version = first_line(inside(thread, "env", "initial", "platform"), "clientVersion")
    reference = first_line(inside(tree, "repository"), "ref")
    return Run(
        native=first_line(thread, "id"),
        title=first_line(thread, "title"),
        project=unquote(first_line(tree, "uri").removeprefix(_FILE)) or first_line(tree, "displayName"),
        branch=reference.removeprefix(_BRANCH),
        started=moment(thread.get("created")),
        notes={f"Amp {version[:60]}": None} if version else {},
    )


def _take(run: Run, message: Fields, place: str, tools: dict[str, str]) -> None:
    own = name(message.get("messageId"))
    at = moment(inside(message, "meta", "sentAt")) or moment(inside(message, "usage", "timestamp"))
    shared = Message(place, f"{run.native}:{own}" if own and run.native else "", at=at)
    is_known = message.get("role") in ("user", "assistant")
    said = list(_said(message, tools)) if is_known else []
    say_all(run, said, shared, "no_text" if is_known else "info")


def _said(message: Fields, tools: dict[str, str]) -> Iterator[Said]:
    model = first_line(message.get("usage"), "model") or ASSISTANT
    blocks = placed(message.get("content"), "/content")
    has_result = any(block.get("type") == "tool_result" for _, block in blocks)
    for place, block in blocks:
        if message.get("role") == "assistant":
            tools[line(block.get("id"))] = line(block.get("name"))
            yield from from_assistant(block, model, place)
        elif block.get("type") == "tool_result":
            yield from _result(block, place, tools)
        elif block.get("type") == "text":
            text = typed(words(block.get("text")), place)
            yield from (Said("harness", item.text, locator=place) for item in text) if has_result else text


def _result(block: Fields, place: str, tools: dict[str, str]) -> list[Said]:
    run = fields(block.get("run"))
    state, answer = line(run.get("status")), result_text(run.get("result"))
    problem = result_text(run.get("error")) or words(run.get("reason"))
    is_done = state in ("done", "")
    text = "\n".join(part for part in ("" if is_done else f"[{state[:60]}]", answer, problem) if part.strip())
    tool = tools.get(line(block.get("toolUseID")), "")
    return answered(text, place, tool=tool, is_error=not is_done)


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="messages",
)
