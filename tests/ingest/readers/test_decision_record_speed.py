"""Decision records: the time for any text grows no faster than its length."""

from __future__ import annotations

import time

import pytest

from ingest.errors import SourceError
from ingest.readers.decision_record import accepts, count, read
from ingest.sources import Declared, stdin_source

CHARS_PER_SECOND = 100_000
"""Most pieces were measured at over a million; quadratic patterns took ten seconds and more for 100,000."""
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


def seconds(text: str) -> float:
    source = stdin_source(text.encode(), Declared(stdin_name="0001-record.md"))
    before = time.process_time()
    try:
        accepts(source)
        for _ in read(source):
            pass
        count(source)
    except SourceError:
        pass  # a refusal is an answer too; its time counts
    return time.process_time() - before


@pytest.mark.parametrize("chars", [100_000, 200_000])
def test_a_long_row_of_anything_is_read_in_linear_time(chars: int) -> None:
    took = {piece: seconds(piece * (chars // len(piece))) for piece in PIECES}
    assert {piece: time for piece, time in took.items() if time > chars / CHARS_PER_SECOND} == {}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("piece", ["[", "{", "(", "-", " ", "<!--", "supersedes ", "* x\n", "Use x. "])
def test_a_long_row_in_any_section_is_read_in_linear_time(place: str, piece: str) -> None:
    text = PLACES[place].replace("{}", piece * (100_000 // len(piece)))
    assert seconds(text) < 2 * len(text) / CHARS_PER_SECOND
