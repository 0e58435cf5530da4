"""Markdown as written records use it: sections, blocks of text, and the words without their markup.

Everything is a pair of offsets in code points of the text given, so that a block can be quoted exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_ATX = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]|$)")
_UNDERLINE = re.compile(r"^ {0,3}(=|-)\1{2,}[ \t]*$")
_NOT_A_TITLE = re.compile(r"^(?: {4}|\t|\s*(?:#|>|[-*+]\s|\d+[.)]\s|\||<!--))")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ITEM = re.compile(r"^([ \t]*)(?:[-*+]|\d{1,3}[.)])[ \t]+(?=\S)")
_RULE = re.compile(r"^\s*([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]]+\]:[ \t]*\S")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])")
_MARKS = re.compile(r"[*`~]+|(?<!\w)_++|_++(?!\w)")
"""An underscore inside a word is part of it: `stg_orders`."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the text up to the next heading of any level, or the text before the first (level 0)."""

    level: int
    heading: str
    """As written, without the number signs."""
    start_char: int
    body_char: int
    """Where the text after the heading begins."""
    end_char: int
    line: int
    """Line number from 1 of its first line."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list item (its own words, without deeper items) or a table row, without its marker."""

    kind: Literal["paragraph", "item", "row"]
    start_char: int
    end_char: int
    indent: int = 0
    """Columns before an item's marker."""


def sections(text: str) -> tuple[Section, ...]:
    """Every section in order, together all of the text that is not blank; fenced code and front matter head nothing."""
    marks = list(_headings(text))
    found: list[Section] = []
    first = marks[0].start_char if marks else len(text)
    if text[:first].strip():
        found.append(Section(0, "", 0, 0, first, 1))
    line, counted = 1, 0
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        end = following.start_char if following else len(text)
        line, counted = line + text.count("\n", counted, mark.start_char), mark.start_char
        found.append(replace(mark, end_char=end, line=line))
    return tuple(found)


def _headings(text: str) -> Iterator[Section]:
    matter = FRONT_MATTER.match(text)
    position = matter.end() if matter else 0
    before, previous, previous_start = "", "", position
    for line in without_code(text)[position:].split("\n"):
        end = min(position + len(line) + 1, len(text))
        atx = _ATX.match(line)
        underline = _UNDERLINE.match(line)
        if atx:
            yield Section(len(atx.group(1)), _without_closing(line[atx.end() :].strip()), position, end, end, 0)
        elif underline and previous.strip() and not before.strip() and not _NOT_A_TITLE.match(previous):
            yield Section(1 if underline.group(1) == "=" else 2, previous.strip(), previous_start, end, end, 0)
        before, previous, previous_start, position = previous, line, position, end


def _without_closing(heading: str) -> str:
    left = heading.rstrip("#")
    return left.rstrip() if left != heading and (not left or left[-1] in " \t") else heading


def without_code(text: str) -> str:
    """The text with fenced code, fences included, as blanks: same length, same lines."""
    kept: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            kept.append(" " * len(line))
            if mark and mark.group(1).startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif mark:
            fence = mark.group(1)
            kept.append(" " * len(line))
        else:
            kept.append(line)
    return "\n".join(kept)


def without_comments(text: str) -> str:
    """The text with HTML comments as blanks: same length, same lines."""
    return _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def words_only(text: str) -> str:
    """What a person wrote in sentences: fenced code and HTML comments as blanks, same length, same lines."""
    return without_comments(without_code(text))


def blocks(text: str, start: int = 0, end: int | None = None) -> tuple[Block, ...]:
    """The paragraphs, list items and table rows of `text[start:end]`, in order; pass the result of `words_only`.

    Rules and link definitions (`[name]: address`) are no blocks.
    """
    found: list[Block] = []
    position, blank = start, True
    for line in text[start:end].split("\n"):
        at, position = position, position + len(line) + 1
        if not line.strip() or _RULE.match(line) or _DEFINITION.match(line):
            blank = True
            continue
        _add_line(found, line, at, after_blank=blank)
        blank = False
    return tuple(found)


def _add_line(found: list[Block], line: str, at: int, *, after_blank: bool) -> None:
    item = _ITEM.match(line)
    left, right = at + len(line) - len(line.lstrip()), at + len(line.rstrip())
    last = found[-1] if found else None
    if item:
        found.append(Block("item", at + item.end(), right, len(item.group(1).expandtabs(4))))
    elif line.lstrip().startswith("|"):
        found.append(Block("row", left, right))
    elif last is not None and last.kind != "row" and not after_blank:
        found[-1] = replace(last, end_char=right)
    else:
        found.append(Block("paragraph", left, right, left - at))


def plain(text: str) -> str:
    """The words without emphasis, code marks and link targets, white space folded."""
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", text)).split())
