"""Part of the docx reader: a Word document as blocks in reading order, each a paragraph or a row of a table.

Text that a tracked change took out is left out, text that one put in is there. A line break is a line end, a tab a tab.
A text box follows the paragraph it hangs on. Elements are told by their local names: transitional and strict documents
use different namespaces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.text import normalise

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

_GONE = frozenset({"del", "moveFrom", "Fallback", "pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr"})
"""Deleted text, second copies of drawings, and properties."""
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a row of a table, with its place in the document."""

    text: str
    """Normalised, ends trimmed, never blank; a row's cells are separated by tabs."""
    locator: str
    """`paragraph 12`, counted from 1 without the blank ones, or `table 2, row 5`."""
    cells: tuple[str, ...] = ()
    """A row's cells, blank ones among them; empty for a paragraph."""
    table: int = 0
    """Number of the row's table from 1; 0 for a paragraph."""
    style: str = ""
    """The id of a paragraph's style: `Heading1`, `Title`."""


def blocks(root: BaseOxmlElement) -> tuple[Block, ...]:
    """Every paragraph and row that is not blank, in reading order."""
    found: list[Block] = []
    paragraphs, tables = 0, 0
    for element in _parts(root):
        if _name(element) == "p":
            text = normalise(_text(element)).strip()
            if text:
                paragraphs += 1
                found.append(Block(text, f"paragraph {paragraphs}", style=_style(element)))
            continue
        tables += 1
        for number, cells in enumerate(_rows(element), 1):
            text = "\t".join(cells).strip()
            if text:
                found.append(Block(text, f"table {tables}, row {number}", cells, tables))
    return tuple(found)


def _parts(element: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """The paragraphs and outermost tables below an element, a paragraph's text boxes right after it."""
    for child in element:
        name = _name(child)
        if name in _GONE:
            continue
        if name in {"p", "tbl"}:
            yield child
        if name != "tbl":
            yield from _parts(child)


def _rows(table: BaseOxmlElement) -> Iterator[tuple[str, ...]]:
    for row in _inner(table, "tr"):
        yield tuple(_cell(cell) for cell in _inner(row, "tc"))


def _inner(element: BaseOxmlElement, wanted: str) -> Iterator[BaseOxmlElement]:
    """The nearest elements of that name below, through content controls and the like; not those of a table inside."""
    for child in element:
        name = _name(child)
        if name == wanted:
            yield child
        elif name not in _GONE and name not in {"tbl", "p"}:
            yield from _inner(child, wanted)


def _cell(cell: BaseOxmlElement) -> str:
    pieces = (_text(part) if _name(part) == "p" else _flat(part) for part in _parts(cell))
    return normalise("\n".join(pieces)).strip()


def _flat(table: BaseOxmlElement) -> str:
    return "\n".join("\t".join(cells) for cells in _rows(table))


def _text(element: BaseOxmlElement) -> str:
    """The words of a paragraph, without those of the paragraphs inside its text boxes."""
    return "".join(_words(element))


def _words(element: BaseOxmlElement) -> Iterator[str]:
    for child in element:
        name = _name(child)
        if name == "t":
            yield child.text or ""
        elif name in _MARKS:
            yield _MARKS[name]
        elif name not in _GONE and name not in {"p", "tbl"}:
            yield from _words(child)


def _style(paragraph: BaseOxmlElement) -> str:
    for properties in paragraph:
        if _name(properties) == "pPr":
            for child in properties:
                if _name(child) == "pStyle":
                    return next((str(value) for key, value in child.attrib.items() if str(key).endswith("}val")), "")
    return ""


def _name(element: BaseOxmlElement) -> str:
    """The local name; empty for comments, processing instructions and entities."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
