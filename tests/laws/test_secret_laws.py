"""No secret that a source holds reaches the store's file, its log, an answer or the terminal.

Secrets are planted in every text of generated files of every format: words, titles, names, headings, broken items.
A path that is a secret itself is the person's own choice: it is stored as the place that it is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

import duckdb
import pytest

from ingest.errors import SourceError
from ingest.pipeline import extract, read
from ingest.records import Reader
from ingest.registry import readers
from intent_server import questions
from intent_server.cli.main import run
from intent_server.config import Settings
from tests.fuzz.cases import source_of, store
from tests.fuzz.ink import Ink
from tests.fuzz.tokens import TELLING, stretches
from tests.fuzz.written import UNWRITTEN, WRITERS

FILES = 12
"""Generated files a format; each has some ten secrets."""
WRITTEN = [reader for reader in readers() if reader.name not in UNWRITTEN]
QUESTIONS = ("why DuckDB", "store 12", "retries", "key token password")


def ink_of(reader: Reader, seed: int) -> Ink:
    return Ink(Random(f"{reader.name} {seed}"), share=0.5, broken=0.15 if seed % 2 else 0.0)


def strings(value: object) -> Iterator[str]:
    """Every text in a record, however deep."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            yield from strings(getattr(value, one.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from strings(item)


def shown(secrets: Iterable[str], text: str) -> list[str]:
    """What of the secrets a text shows: the stretches that stand in it."""
    telling = {stretch for secret in secrets for stretch in stretches(secret)}
    return sorted({cut for at in range(len(text) - TELLING + 1) if (cut := text[at : at + TELLING]) in telling})


@pytest.mark.parametrize("reader", WRITTEN, ids=lambda reader: reader.name)
def test_no_secret_of_a_source_is_in_what_is_to_be_recorded(reader: Reader) -> None:
    planted = 0
    for seed in range(FILES):
        ink = ink_of(reader, seed)
        source = source_of(WRITERS[reader.name](ink))
        assert source is not None
        try:
            reading = read(source, reader)
        except SourceError as error:
            assert shown(ink.secrets, str(error)) == []
            continue
        found = [*strings(reading.rejected), *strings(reading.set_aside)]
        found += [text for one in reading.sessions if one.utterances for text in strings(extract(one))]
        assert shown(ink.secrets, "\n".join(found)) == []
        planted += len(ink.secrets)
    assert planted > FILES


def test_a_secret_left_in_a_text_is_found() -> None:
    assert shown(["ghp_" + "a1B2" * 9], "see a1B2a1B2a1B2 here") == ["a1B2a1B2a1B2"]


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory without a store, and no settings from outside."""
    for name in ("INTENT_STORE", "INTENT_WAIT_S", "INTENT_MAX_CHARS", "INTENT_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_no_secret_of_any_format_reaches_the_store_an_answer_or_the_terminal(
    alone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secrets: list[str] = []
    for reader in WRITTEN:
        ink = ink_of(reader, 1)
        case = WRITERS[reader.name](ink)
        folder = alone / "in" / reader.name
        store(case, folder if len(case.files) > 1 else folder / case.files[0][0])
        secrets += ink.secrets
    run(["ingest", "in"])
    commands = [
        *(["quarantine", "list", "--json"], ["quarantine", "list"], ["doctor"], ["verify"]),
        *(["why", question] for question in QUESTIONS),
        *(["sql", f"FROM {view}", "--json"] for view in ("sessions", "utterances", "decisions", "people")),
    ]
    for command in commands:
        run(command)
    printed = capsys.readouterr()
    assert "DuckDB" in printed.out
    assert shown(secrets, printed.out + printed.err) == []
    place = alone / ".intent" / "intent.duckdb"
    assert shown(secrets, "\n".join(answers(place))) == []
    assert {table: leaked for table, text in rows(place) if (leaked := shown(secrets, text))} == {}
    assert shown(secrets, file_bytes(place)) == []


def answers(place: Path) -> Iterator[str]:
    asker = questions.asker(Settings(store=place, actor="test"))
    for question in QUESTIONS:
        yield questions.search(asker, question, limit=50).model_dump_json()
        yield questions.history(asker, question, limit=50).model_dump_json()
    sessions = questions.sessions(asker, limit=50)
    yield sessions.model_dump_json()
    yield from (questions.get(asker, one.session_id).model_dump_json() for one in sessions.sessions)


def rows(place: Path) -> Iterator[tuple[str, str]]:
    """(table, everything in it): a store's file may be compressed, so its bytes alone prove little."""
    with duckdb.connect(str(place), read_only=True) as db:
        for schema, name in db.execute("SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL").fetchall():
            yield name, "\n".join(map(str, db.table(f'"{schema}"."{name}"').fetchall()))


def file_bytes(place: Path) -> str:
    """All that lies in the store's folder: the database, its log, the lock."""
    return "\n".join(path.read_bytes().decode("latin-1") for path in sorted(place.parent.iterdir()) if path.is_file())
