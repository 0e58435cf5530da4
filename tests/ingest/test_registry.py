"""One reader for a source, or an error that says why not."""

from collections.abc import Iterator

import pytest

from ingest.errors import AmbiguousReader, NoReader
from ingest.records import Reader, Rejected, Session, Source
from ingest.registry import reader_for
from ingest.sources import Declared, stdin_source


def reader(name: str, rank: int) -> Reader:
    def read(_: Source) -> Iterator[Session | Rejected]:
        return iter(())

    return Reader(name, frozenset(), lambda _: rank, read, lambda _: 0, "lines")


SOURCE = stdin_source(b"words", Declared(stdin_name="talk.txt"))


def test_the_most_specific_reader_wins() -> None:
    assert reader_for(SOURCE, [reader("a", 10), reader("b", 90)]).name == "b"


def test_a_tie_names_both_readers_and_the_way_out() -> None:
    with pytest.raises(AmbiguousReader, match=r"a and b equally well.*--reader"):
        reader_for(SOURCE, [reader("a", 50), reader("b", 50), reader("c", 10)])


def test_no_reader_lists_those_there_are() -> None:
    with pytest.raises(NoReader, match=r"talk\.txt.*Readers: a, b"):
        reader_for(SOURCE, [reader("a", 0), reader("b", 0)])


def test_a_reader_asked_for_by_name_is_taken_whatever_its_rank() -> None:
    assert reader_for(SOURCE, [reader("a", 0), reader("b", 90)], name="a").name == "a"
