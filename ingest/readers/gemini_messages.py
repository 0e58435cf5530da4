"""One message of Gemini CLI or Qwen Code as utterances to be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.agent_runs import ASSISTANT, RESULT_CHARS, Said, called, cut, flat, prompt
from ingest.json_tree import items
from ingest.json_values import fields, inside, moment, words

_FILES_START = "--- Content from referenced files ---"
_FILES_END = "--- End of content ---"
_CONTEXT_STARTS = ("<session_context>", "This is the Gemini CLI. We are setting up the context for our chat.")
_QWEN_TAG = re.compile(r"<(/?)(qwen:[a-z-]{1,60})>")
_UNTRUSTED = ("<untrusted_context>", "</untrusted_context>")


@dataclass(frozen=True, slots=True)
class Piece:
    """An utterance to be, with the id of the tool call it belongs to."""

    said: Said
    call: str = ""


def message_of(message: Mapping[str, object], locator: str, *, is_side: bool) -> tuple[list[Piece], str]:
    """(utterances, the rule where there are none) of one `user` or `gemini` message."""
    kind = words(message.get("type"))
    model = words(message.get("model")).strip() or ASSISTANT
    if kind == "user":
        return _user(message, locator, is_side=is_side)
    pieces = [Piece(Said("reasoning", text, model)) for text in _thoughts(message)]
    parts = message.get("content", message.get("parts"))
    pieces += _parts([{"text": parts}] if isinstance(parts, str) else items(parts), model)
    for call in items(message.get("toolCalls")):
        pieces += _call(fields(call), model)
    return _placed(pieces, message, locator), "no_text"


def qwen_of(record: Mapping[str, object], locator: str) -> tuple[list[Piece], str]:
    """(utterances, the rule where there are none) of one record of Qwen Code."""
    kind = words(record.get("type"))
    parts = items(inside(record, "message", "parts"))
    model = words(record.get("model")).strip() or ASSISTANT
    if kind == "system":
        return [], "system_event"
    if kind in ("assistant", "tool_result"):
        return _placed(_parts(parts, model), record, locator), "no_text"
    is_side = record.get("isSidechain") is True
    typed = inside(record, "systemPayload", "displayText")
    shown = [typed] if isinstance(typed, str) and typed.strip() else _texts(parts)
    pieces = [Piece(piece.said, piece.call) for piece in _parts(parts, model) if piece.said.role == "tool_result"]
    if words(record.get("subtype")):
        pieces += [Piece(Said("harness", text)) for text in shown]
    else:
        pieces += _prompts([_without_qwen(text) for text in shown], is_side=is_side)
    return _placed(pieces, record, locator), "wrapper_only" if shown else "no_text"


def _user(message: Mapping[str, object], locator: str, *, is_side: bool) -> tuple[list[Piece], str]:
    content = message.get("content", message.get("parts"))
    parts = [{"text": content}] if isinstance(content, str) else items(content)
    typed = message.get("displayContent")
    shown = [typed] if isinstance(typed, str) else _texts(items(typed))
    results = [piece for piece in _parts(parts, ASSISTANT) if piece.said.role == "tool_result"]
    texts = [text for text in shown if text.strip()] or _without_files(_texts(parts))
    pieces = [*results, *_prompts(texts, is_side=is_side)]
    return _placed(pieces, message, locator), "wrapper_only" if texts else "no_text"


def _prompts(texts: Sequence[str], *, is_side: bool) -> Iterator[Piece]:
    for text in texts:
        if text.lstrip().startswith(_CONTEXT_STARTS):
            continue
        own = prompt(text, is_side=is_side)
        if own is not None:
            role, said, speaker, topic = own
            yield Piece(Said(role, said, speaker, topic))


def _without_files(texts: Sequence[str]) -> list[str]:
    """The texts before the contents of referenced files; all that follows the mark, to its end mark, is the files'."""
    found, is_file = [], False
    for text in texts:
        before, mark, after = text.partition(_FILES_START)
        if not is_file and before.strip():
            found.append(before)
        is_file = is_file or bool(mark)
        last = (after if mark else text).rpartition(_FILES_END)
        if is_file and last[1]:
            is_file = False
            found += [last[2]] if last[2].strip() else []
    return found


def _without_qwen(text: str) -> str:
    """The text before the harness's own `<qwen:…>` blocks and after the last of them."""
    tags = list(_QWEN_TAG.finditer(text))
    if not tags:
        return text
    after = text[tags[-1].end() :] if tags[-1][1] else ""
    return text[: tags[0].start()] + after


def _texts(parts: Sequence[object]) -> list[str]:
    found = [words(part) or words(fields(part).get("text")) for part in parts]
    return [text for text in found if text.strip()]


def _thoughts(message: Mapping[str, object]) -> Iterator[str]:
    for thought in items(message.get("thoughts")):
        subject, description = words(fields(thought).get("subject")), words(fields(thought).get("description"))
        if text := "\n\n".join(part.strip() for part in (subject, description) if part.strip()):
            yield text


def _parts(parts: Sequence[object], model: str) -> list[Piece]:
    found = []
    for part in parts:
        value = fields(part)
        text = words(part) or words(value.get("text"))
        call, response = fields(value.get("functionCall")), fields(value.get("functionResponse"))
        if text.strip():
            role = Said("reasoning" if value.get("thought") is True else "assistant", text, model)
            found.append(Piece(role))
        elif call:
            name = words(call.get("name")).strip() or "tool"
            said = Said("tool_call", called(name, call.get("args")), model, name)
            found.append(Piece(said, words(call.get("id"))))
        elif response:
            found += _response(response, words(response.get("name")).strip())
    return found


def _response(response: Mapping[str, object], name: str) -> list[Piece]:
    given = response.get("response")
    text = flat(given)
    if text.startswith(_UNTRUSTED[0]):
        text = text.removeprefix(_UNTRUSTED[0]).removesuffix(_UNTRUSTED[1]).strip()
    said = Said("tool_result", cut(text, RESULT_CHARS), None, name or None)
    return [Piece(said, words(response.get("id")))] if text else []


def _call(call: Mapping[str, object], model: str) -> list[Piece]:
    name = words(call.get("name")).strip() or "tool"
    call_id = words(call.get("id"))
    found = [Piece(Said("tool_call", called(name, call.get("args")), model, name), call_id)]
    given = call.get("result")
    results = [piece for v in items(given) for piece in _response(fields(fields(v).get("functionResponse")), name)]
    shown = flat(call.get("resultDisplay")) if isinstance(call.get("resultDisplay"), str) else ""
    if not results and shown:
        results = [Piece(Said("tool_result", cut(shown, RESULT_CHARS), None, name))]
    return found + [replace(piece, call=call_id or piece.call) for piece in results]


def _placed(pieces: Sequence[Piece], message: Mapping[str, object], locator: str) -> list[Piece]:
    record = words(message.get("id")) or words(message.get("uuid"))
    parent = words(message.get("parentUuid"))
    at = moment(message, "timestamp")
    told = [piece for piece in pieces if piece.said.text.strip()]
    return [
        replace(
            piece,
            said=replace(
                piece.said,
                at=at,
                locator=locator,
                record=f"{record}#{nth}" if record and nth else record,
                parent=parent,
            ),
        )
        for nth, piece in enumerate(told)
    ]
