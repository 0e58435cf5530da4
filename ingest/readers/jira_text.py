"""Part of the Jira reader: wiki markup and Atlassian Document Format as Markdown-like text.

Headings become `## …`, lists `- …` and `1. …`, quotations `> …`, code stands in fences; links keep label and address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.json_tree import items
from ingest.json_values import Fields, fields, inside, number, words
from ingest.text import normalise

_DEEPEST = 60
_FENCE = re.compile(r"\{(code|noformat)(?::[^{}\n]{0,200})?\}")
_QUOTE = re.compile(r"\{quote\}")
_HEADING = re.compile(r"^[ \t]*h([1-6])\.[ \t]+", re.MULTILINE)
_BLOCK_QUOTE = re.compile(r"^[ \t]*bq\.[ \t]+", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*([*#-]{1,6})[ \t]+(?=\S)", re.MULTILINE)
_LINK = re.compile(r"\[([^\[\]|\n]{1,400})\|([^\[\]|\n]{1,2000})(?:\|[^\[\]\n]{0,100})?\]")
_BARE_LINK = re.compile(r"\[((?:https?|mailto|ftp):[^\[\]|\n]{1,2000})\]")
_USER = re.compile(r"\[~(?:accountid:)?([^\[\]\n]{1,200})\]")
_MONO = re.compile(r"\{\{([^{}\n]{1,400})\}\}")
_TAG = re.compile(r"\{(?:color|panel|anchor|expand|section|column|info|note|warning|tip)(?::[^{}\n]{0,300})?\}")
_PICTURE = re.compile(r"(?<!\S)!([^!\s|]{1,200}\.\w{2,5})(?:\|[^!\n]{0,200})?!")
_BLANKS = re.compile(r"\n{3,}")


class TooDeep(ValueError):
    """A document nested deeper than any editor makes one."""


def body_text(value: object) -> str:
    """The words of a description or comment: text in wiki markup (API v2) or a document tree (v3).

    Raises: TooDeep.
    """
    if isinstance(value, str):
        return wiki_text(normalise(value))
    made = "\n\n".join(_blocks(items(fields(value).get("content")), 0))
    return _BLANKS.sub("\n\n", made).strip()


def wiki_text(text: str) -> str:
    """Wiki markup as text; what stands in code blocks stays as it is."""
    parts: list[str] = []
    at = 0
    while (opening := _FENCE.search(text, at)) is not None:
        mark = f"{{{opening[1]}}}"
        closing = text.find(mark, opening.end())
        if closing < 0:
            break
        parts.append(_prose(text[at : opening.start()]))
        parts.append(f"\n```\n{text[opening.end() : closing].strip(chr(10))}\n```\n")
        at = closing + len(mark)
    parts.append(_prose(text[at:]))
    return _BLANKS.sub("\n\n", "".join(parts)).strip()


def _prose(text: str) -> str:
    text = _TAG.sub("", text)
    text = _BULLET.sub(_listed, text)
    text = _HEADING.sub(lambda found: f"{'#' * int(found[1])} ", text)
    text = _BLOCK_QUOTE.sub("> ", text)
    text = _PICTURE.sub(r"(picture \1)", text)
    text = _USER.sub(r"@\1", text)
    text = _LINK.sub(lambda found: _link(found[1], found[2]), text)
    text = _BARE_LINK.sub(lambda found: found[1].removeprefix("mailto:"), text)
    text = _MONO.sub(r"`\1`", text)
    pieces = _QUOTE.split(text)
    if len(pieces) % 2 == 0:
        return "".join(pieces)
    return "".join(piece if at % 2 == 0 else _quoted(piece) for at, piece in enumerate(pieces))


def _listed(found: re.Match[str]) -> str:
    marks = found[1]
    return f"{'  ' * (len(marks) - 1)}{'1.' if marks[-1] == '#' else '-'} "


def _quoted(text: str) -> str:
    return "\n" + "\n".join(f"> {row}" for row in text.strip().split("\n")) + "\n"


def _link(label: str, address: str) -> str:
    address = address.strip().removeprefix("mailto:")
    return address if label.strip() == address else f"{label} ({address})"


def _blocks(nodes: list[object], depth: int) -> Iterator[str]:
    """The texts of block nodes, in order."""
    if depth > _DEEPEST:
        raise TooDeep("a document nested too deep")
    for node in map(fields, nodes):
        kind, below = words(node.get("type")), items(node.get("content"))
        if kind == "heading":
            level = number(inside(node, "attrs", "level")) or 2
            yield f"{'#' * max(1, min(6, level))} {_inline(below)}"
        elif kind == "codeBlock":
            yield f"```\n{_inline(below)}\n```"
        elif kind == "blockquote":
            yield "\n".join(f"> {row}" for row in "\n".join(_blocks(below, depth + 1)).split("\n"))
        elif kind in ("bulletList", "orderedList", "taskList", "decisionList"):
            yield "\n".join(_listed_items(below, kind, depth))
        elif kind == "table":
            yield "\n".join(_row(fields(row), depth) for row in below)
        elif any(words(inside(one, "type")) in _INLINE for one in below):
            yield _inline(below)
        elif kind in ("blockCard", "embedCard"):
            yield words(inside(node, "attrs", "url"))
        else:
            yield from _blocks(below, depth + 1)


_INLINE = frozenset("text mention emoji hardBreak inlineCard date status".split())


def _listed_items(nodes: list[object], kind: str, depth: int) -> Iterator[str]:
    for at, node in enumerate(map(fields, nodes), 1):
        below = items(node.get("content"))
        if node.get("type") in ("decisionItem", "taskItem"):
            mark = "Decision: " if inside(node, "attrs", "state") == "DECIDED" else "- "
            yield f"{mark}{_inline(below)}"
            continue
        rows = "\n".join(_blocks(below, depth + 1)).split("\n")
        mark = f"{at}." if kind == "orderedList" else "-"
        yield "\n".join((f"{mark} {rows[0]}", *(f"  {row}" for row in rows[1:])))


def _row(row: Fields, depth: int) -> str:
    cells = (" ".join(_blocks(items(inside(cell, "content")), depth + 1)) for cell in items(row.get("content")))
    return " | ".join(" ".join(cell.split()) for cell in cells)


def _inline(nodes: list[object]) -> str:
    return "".join(_piece(fields(node)) for node in nodes)


def _piece(node: Fields) -> str:
    kind, attrs = node.get("type"), fields(node.get("attrs"))
    if kind == "text":
        return _marked(words(node.get("text")), items(node.get("marks")))
    if kind == "hardBreak":
        return "\n"
    if kind == "mention":
        return "@" + words(attrs.get("text")).lstrip("@")
    if kind == "inlineCard":
        return words(attrs.get("url"))
    return words(attrs.get("text")) or words(attrs.get("shortName"))


def _marked(text: str, marks: list[object]) -> str:
    for mark in marks:
        if inside(mark, "type") == "code":
            text = f"`{text}`"
        if inside(mark, "type") == "link":
            text = _link(text, words(inside(mark, "attrs", "href")))
    return text
