"""The notes that a person typed in Granola: plain text, Markdown, or the editor's tree of nodes."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ingest.json_source import listed
from ingest.json_values import fields
from ingest.text import normalise

_BLOCKS = frozenset({"paragraph", "heading", "listItem", "codeBlock", "horizontalRule", "hardBreak"})


def typed(about: Mapping[str, object], place: str) -> tuple[str, str] | None:
    """The typed notes of a document and where they are; None where there are none."""
    for key in ("notes_plain", "notes_markdown", "notes"):
        value = about.get(key)
        text = _prose(value) if key == "notes" else value
        if isinstance(text, str) and (words := normalise(text).strip()):
            return words, f"{place}/{key}"
    return None


def _prose(notes: object) -> str:
    """The words of the editor's tree, a line for each block; the tree itself may be written as text."""
    if isinstance(notes, str):
        try:
            notes = json.loads(notes, strict=False)
        except (ValueError, RecursionError):
            return str(notes)
    pieces: list[str] = []
    waiting: list[object] = [notes]
    while waiting:
        node = fields(waiting.pop())
        kind = node.get("type")
        if isinstance(kind, str) and kind in _BLOCKS and pieces and pieces[-1] != "\n":
            pieces.append("\n")
        text = node.get("text")
        if isinstance(text, str):
            pieces.append(text)
        waiting.extend(child for _, child in reversed(listed(node.get("content"), "")))
    return "".join(pieces)
