"""What every reader of code reviews keeps, whatever becomes of the records: counts, places, quotes, and no crash."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import SourceError, UnitsUnaccounted
from ingest.pipeline import read
from ingest.readers import azure_devops, bitbucket, gerrit, github_webhook, gitlab
from ingest.records import Reader, Session
from ingest.registry import readers
from ingest.sources import Declared, stdin_source

SAMPLES = Path(__file__).resolve().parents[3] / "data" / "samples"
READERS = [module.READER for module in (azure_devops, bitbucket, gerrit, github_webhook, gitlab)]
JUNK: list[object] = [
    None,
    True,
    0,
    -1,
    10**30,
    float("inf"),
    "",
    "Done.",
    "\ud83d",
    "a\x00b",
    [],
    {},
    [[]],
    "2026-13-45T99:99",
]


def documents(reader: Reader) -> list[object]:
    found: list[object] = []
    for path in sorted((SAMPLES / reader.name).rglob("*.json*")):
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines() if path.suffix == ".jsonl" else [text]
        found.extend(json.loads(line) for line in lines)
    return found


def broken(value: object, luck: random.Random) -> object:
    """The value with parts of it dropped, doubled, or of another type."""
    if luck.random() < 0.04:
        return luck.choice(JUNK)
    if isinstance(value, dict):
        return {name: broken(one, luck) for name, one in value.items() if luck.random() > 0.03}
    if isinstance(value, list):
        return [broken(one, luck) for one in value for _ in range(luck.choice((1, 1, 1, 2)))]
    return value


def held_to_the_laws(reader: Reader, data: bytes) -> None:
    try:
        found = read(stdin_source(data, Declared(stdin_name="x")), reader)
    except UnitsUnaccounted:
        raise
    except SourceError as error:
        assert str(error)
        return
    for session in found.sessions:
        assert [utterance.index for utterance in session.utterances] == list(range(len(session.utterances)))
        assert all(utterance.text.strip() and utterance.locator for utterance in session.utterances)
        quotes_its_words(session)


def quotes_its_words(session: Session) -> None:
    for candidate in session.stated:
        assert [part.kind for part in candidate.parts].count("choice") == 1
        for span in (span for part in candidate.parts for span in part.spans):
            said = session.utterances[span.utterance_index].text
            assert said[span.start_char : span.end_char] == span.quote


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), cut=st.floats(0, 1), lines=st.booleans())
def test_broken_records_are_counted_and_every_claim_quotes_its_source(
    reader: Reader, seed: int, cut: float, lines: bool
) -> None:
    luck = random.Random(seed)
    found = [broken(one, luck) for one in documents(reader)]
    text = "\n".join(map(json.dumps, found)) if lines else json.dumps(found, indent=1)
    held_to_the_laws(reader, text[: max(1, round(len(text) * (cut if cut < 0.3 else 1)))].encode())


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@settings(max_examples=40, deadline=None)
@given(
    data=st.binary(min_size=1, max_size=400) | st.text(min_size=1, max_size=200).map(lambda text: text.encode("utf-8"))
)
def test_no_bytes_make_a_reader_crash(reader: Reader, data: bytes) -> None:
    reader.accepts(stdin_source(data, Declared()))
    held_to_the_laws(reader, data)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@pytest.mark.parametrize("worst", ["[" * 100_000, '{"comments":[' * 50_000, '{"a":' * 50_000, ")]}'\n" * 20_000])
def test_nesting_without_end_is_refused_or_read(reader: Reader, worst: str) -> None:
    held_to_the_laws(reader, worst.encode())


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_no_other_reader_takes_a_sample_as_its_own(reader: Reader) -> None:
    for path in sorted((SAMPLES / reader.name).rglob("*.json*")):
        source = stdin_source(path.read_bytes(), Declared())
        ranks = sorted(((one.accepts(source), one.name) for one in readers()), reverse=True)
        assert ranks[0][1] == reader.name
        assert ranks[0][0] > ranks[1][0]
