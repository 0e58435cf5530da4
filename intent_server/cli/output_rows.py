"""Rows to the terminal: a table where its columns stay legible side by side, else each row as a block of its own."""

from __future__ import annotations

import csv
import sys

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from ingest.text import visible
from intent_server.answers import Rows
from intent_server.cli.output import note, stdout

_UNFOLDED = 100_000
"""Columns of a console that folds nothing."""
_PIPED = 200
"""Columns of a table that goes into a pipe: wider ones are hard to read there too; programs take --csv or --json."""
_LEGIBLE = 24
"""Columns that a folded cell needs to stay legible."""
_LONGEST_WORD = 40
"""Columns of the longest word that a cell does not break: an id has 36, a commit 40."""
_GAP = 2


def rows(answer: Rows, *, as_csv: bool) -> None:
    """A table, a block a row, or CSV with a header line."""
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows(answer.rows)
    else:
        cells = [[visible("" if cell is None else str(cell)) for cell in row] for row in answer.rows]
        names = [visible(name) for name in answer.columns]
        if _fits(names, cells):
            _table(names, cells)
        else:
            _blocks(names, cells)
    if answer.truncated:
        note(f"Cut after {len(answer.rows)} rows or at the size limit; use --max-rows, LIMIT or OFFSET.")


def _fits(names: list[str], cells: list[list[str]]) -> bool:
    """Whether every column gets what it needs beside the others: a pipe folds nothing, a terminal folds long cells."""
    columns = list(zip(names, *cells, strict=True))
    if not sys.stdout.isatty():
        return sum(max(map(_width, column)) + _GAP for column in columns) - _GAP <= _PIPED
    return sum(max(map(_needed, column)) + _GAP for column in columns) - _GAP <= stdout().width


def _width(cell: str) -> int:
    return max(map(len, cell.splitlines()), default=0)


def _needed(cell: str) -> int:
    longest = max(map(len, cell.split()), default=0)
    return min(_width(cell), max(_LEGIBLE, min(longest, _LONGEST_WORD)))


def _console() -> Console:
    out = stdout()
    if not sys.stdout.isatty():
        out.width = _UNFOLDED
    return out


def _table(names: list[str], cells: list[list[str]]) -> None:
    table = Table(*(Column(Text(name), overflow="fold") for name in names), box=None, pad_edge=False)
    for row in cells:
        table.add_row(*map(Text, row))
    _console().print(table)


def _blocks(names: list[str], cells: list[list[str]]) -> None:
    """Each row under its number, a line for each column."""
    out = _console()
    for number, row in enumerate(cells, start=1):
        out.print(Text(f"row {number}", style="dim"))
        block = Table.grid(Column(style="cyan", no_wrap=True), Column(overflow="fold"), padding=(0, _GAP))
        for name, cell in zip(names, row, strict=True):
            block.add_row(Text(f"  {name}"), Text(cell))
        out.print(block)
