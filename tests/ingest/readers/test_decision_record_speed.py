"""Decision records: the time for any text grows no faster than its length."""

from __future__ import annotations

import contextlib

import pytest

from ingest.errors import SourceError
from ingest.readers.decision_record import accepts, count, read
from ingest.sources import Declared, stdin_source
from tests.growth import assert_linear_row

PIECES = [
    *(chr(code) for code in range(32, 127)),
    "- ",
    "# ",
    "| ",
    "* x\n",
    "\n",
    "- a\n\n",
    "[a](",
    "<!--",
    "supersedes ",
]
PLACES = {
    "text": "{}",
    "title": "# {}\n\n## Context\n\n## Decision\n\nUse paper.\n",
    "status": "# T\n\n## Status\n\n{}\n\n## Context\n\n## Decision\n\nUse paper.\n",
    "decision": "# T\n\n## Context\n\n## Decision\n\nWe use it. {}",
    "alternatives": "# T\n\n## Context\n\n## Alternatives\n\n{}\n\n## Decision\n\nUse paper.\n",
    "log": "# Decision log\n\n## A\n\n{}\n\n## B\n\nb",
}


def read_whole(text: str) -> None:
    source = stdin_source(text.encode(), Declared(stdin_name="0001-record.md"))
    with contextlib.suppress(SourceError):  # a refusal is an answer too; its time counts
        accepts(source)
        for _ in read(source):
            pass
        count(source)


def test_a_long_row_of_anything_is_read_in_linear_time() -> None:
    for piece in PIECES:
        assert_linear_row(read_whole, piece)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("piece", ["[", "{", "(", "-", " ", "<!--", "supersedes ", "* x\n", "Use x. "])
def test_a_long_row_in_any_section_is_read_in_linear_time(place: str, piece: str) -> None:
    assert_linear_row(lambda row: read_whole(PLACES[place].replace("{}", row)), piece)
