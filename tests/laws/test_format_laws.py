"""Laws of every format, on files written at random: nothing is lost, nothing is made up."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.pipeline import extract, read
from ingest.records import Reader
from ingest.registry import readers
from tests.fuzz.cases import source_of
from tests.fuzz.checks import check_ingested, check_ranks, check_session
from tests.fuzz.ink import Ink
from tests.fuzz.written import UNWRITTEN, WRITERS

SEEDS = st.integers(0, 2**32)
WRITTEN = [reader for reader in readers() if reader.name not in UNWRITTEN]


def test_every_reader_has_a_writer_of_its_format() -> None:
    assert set(WRITERS) == {reader.name for reader in WRITTEN}


@pytest.mark.parametrize("reader", WRITTEN, ids=lambda reader: reader.name)
@given(seed=SEEDS)
@settings(max_examples=8, deadline=None)
def test_a_written_file_is_recognised_by_one_reader_first_and_kept(reader: Reader, seed: int) -> None:
    case = WRITERS[reader.name](Ink(Random(seed)))
    source = source_of(case)
    assert source is not None
    assert reader.accepts(source) > 0
    assert len(check_ranks(case)) == 1
    assert read(source, reader).kept > 0


@pytest.mark.parametrize("reader", WRITTEN, ids=lambda reader: reader.name)
@given(seed=SEEDS, broken=st.sampled_from([0.0, 0.2, 0.6]))
@settings(max_examples=12, deadline=None)
def test_read_is_kept_and_set_aside_and_quarantined_and_every_decision_quotes_its_words(
    reader: Reader, seed: int, broken: float
) -> None:
    source = source_of(WRITERS[reader.name](Ink(Random(seed), broken=broken)))
    assert source is not None
    reading = read(source, reader)  # raises when the counts differ
    refused = sum(item.units for item in reading.rejected)
    assert reading.read == reading.kept + sum(units for _, units in reading.set_aside) + refused
    for session in reading.sessions:
        check_session(session)
        check_ingested(extract(session))
