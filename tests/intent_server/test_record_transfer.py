"""The record out to files and back: nothing is lost, nothing damaged comes in, and MADR files are read back."""

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from ingest.fingerprint import fingerprint
from intent_server import record_review, record_upkeep
from intent_server.cli.main import run
from intent_server.config import Actor, Settings
from intent_server.errors import BadRequest, ExitCode, ExportDamaged, ExportNewer
from intent_server.record_madr import madr_files
from intent_server.record_statement import Claimed, Stated, record_decision
from intent_server.record_transfer import export, import_
from intent_server.store.connect import open_reader, open_writer
from intent_server.store.load import cores
from intent_server.store.migrate import known_version, migrate
from intent_server.store.transfer import TABLES, load_parquet, manifest_from, manifest_of, tables_of
from tests.intent_server.conftest import Kept
from tests.intent_server.store.records import candidate, session

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
MARA = Actor("mara")
Told = Mapping[str, Mapping[str, object]]
DERIVED = {"documents", "terms", "postings", "vectors", "index_state", "migrations"}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with history: a grown session, a replaced one, refused, dismissed and reviewed things."""
    folder = tmp_path_factory.mktemp("full")
    store, cut = folder / "intent.duckdb", folder / "cut.jsonl"
    agent = (SAMPLES / "claude_code" / "retry-policy.jsonl").read_bytes()
    talk = (SAMPLES / "vtt" / "2026-03-03-orders-planning.vtt").read_text()
    for log, said in ((agent[:-40], talk), (agent + b"{\n", talk.replace("DuckDB", "Postgres"))):
        cut.write_bytes(log)
        (folder / "talk.vtt").write_text(said)
        run(["ingest", str(SAMPLES / "decision_record"), str(folder / "talk.vtt"), str(cut), "--store", str(store)])
    made_repository(folder / "shop")
    run(["ingest", "git", str(folder / "shop"), "--store", str(store)])
    run(["ingest", str(SAMPLES / "dbt_manifest"), str(SAMPLES / "openlineage"), "--store", str(store)])
    settings = Settings(store=store)
    item = record_upkeep.quarantined(settings).items[0]
    record_upkeep.dismiss_item(settings, item.item_id, now=NOW, by=MARA, reason="cut off")
    with open_reader(store, wait_s=5) as db:
        first, second, third = sorted(cores(db))[:3]
    record_review.ratify(settings, first, by=MARA, now=NOW)
    record_review.dismiss(settings, second, by=MARA, now=NOW, reason="no decision")
    record_review.ratify(settings, third, by=MARA, now=NOW)
    record_review.undo(settings, third, by=MARA, now=NOW)
    return store


def made_repository(folder: Path) -> None:
    """Two files that define the same name, and a commit whose message decides about it."""
    for name in ("a.py", "b.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("def twice() -> None: ...\n")
    words = "Keep `twice` in both files\n\nWhy: each is shipped alone.\n"
    author = {"GIT_AUTHOR_NAME": "Mara", "GIT_AUTHOR_EMAIL": "mara@lumen.example", "GIT_CONFIG_GLOBAL": os.devnull}
    committer = {name.replace("AUTHOR", "COMMITTER"): value for name, value in author.items()}
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", words]):
        subprocess.run(["git", "-C", str(folder), *command], check=True, env={**os.environ, **author, **committer})


def everything(place: Path) -> dict[str, list[tuple[object, ...]]]:
    with open_reader(place, wait_s=5) as db:
        views = db.execute("SELECT view_name FROM duckdb_views() WHERE schema_name = 'intent'").fetchall()
        names = [*TABLES, *(f"intent.{name}" for (name,) in views)]
        return {name: db.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in names}  # noqa: S608  our own names


@pytest.mark.parametrize("format", ["parquet", "json"])
def test_a_store_comes_back_exactly(format: str, full: Path, tmp_path: Path) -> None:
    place, other = tmp_path / "out", Settings(store=tmp_path / "deep" / "other.duckdb")
    told = export(Settings(store=full), format, place)  # type: ignore[arg-type]  # parametrised
    assert import_(other, place).counts == told.counts
    before = everything(full)
    assert everything(other.store) == before
    assert all(before[name] for name in TABLES)
    assert record_upkeep.verify(other).findings == []
    assert record_upkeep.doctor(other).findings == []
    again = tmp_path / "again"
    export(other, format, again)  # type: ignore[arg-type]  # parametrised
    if format == "json":
        assert again.read_bytes() == place.read_bytes()


def canonical(place: Path) -> dict[str, object]:
    with open_reader(place, wait_s=5) as db:
        return manifest_of(db, place, made_by="us").as_json()


@pytest.mark.parametrize("origin", ["stated", "schema_1", "schema_2"])
def test_what_was_stated_or_written_by_an_older_version_comes_back_exactly(origin: str, tmp_path: Path) -> None:
    store, other = Settings(store=tmp_path / "one.duckdb"), Settings(store=tmp_path / "other.duckdb")
    if origin != "stated":
        with duckdb.connect(str(store.store)) as db:
            db.execute((Path(__file__).parent / "store" / "released" / f"{origin}.sql").read_text(encoding="utf-8"))
    words = "We keep one DuckDB file per team because it needs no server and nobody has to look after it."
    choice = Claimed("choice", "keep one DuckDB file per team")
    made = record_decision(store, Stated("the store", (choice,)), by=MARA, now=NOW, statement=words)
    record_review.ratify(store, made.decision.decision_id, by=MARA, now=NOW)
    export(store, "json", tmp_path / "out.jsonl")
    import_(other, tmp_path / "out.jsonl")
    assert canonical(other.store) == canonical(store.store)
    export(other, "json", tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "out.jsonl").read_bytes()
    if origin == "stated":
        record_upkeep.rebuild(other)  # what a statement's language is was told when it was stored
        assert canonical(other.store) == canonical(store.store)


def test_what_is_canonical_is_exported_and_what_is_derived_is_not(full: Path) -> None:
    with open_reader(full, wait_s=5) as db:
        names = {row[0] for row in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert names == {*TABLES, *DERIVED}


def test_what_is_written_is_for_its_owner_alone(full: Path, tmp_path: Path) -> None:
    for format in ("parquet", "madr"):
        export(Settings(store=full), format, tmp_path / format)  # type: ignore[arg-type]  # a loop
        assert (tmp_path / format).stat().st_mode & 0o777 == 0o700
        assert {file.stat().st_mode & 0o777 for file in (tmp_path / format).iterdir()} == {0o600}
    export(Settings(store=full), "json", tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["madr", "out.jsonl", "parquet"]


def test_nothing_is_overwritten(full: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "note.txt").write_text("mine")
    with pytest.raises(BadRequest, match="not an empty folder"):
        export(Settings(store=full), "parquet", tmp_path / "out")
    with pytest.raises(BadRequest, match="not empty"):
        export(Settings(store=full), "json", tmp_path / "out" / "note.txt")
    export(Settings(store=full), "json", tmp_path / "out.jsonl")
    before = everything(full)
    with pytest.raises(BadRequest, match="is not empty"):
        import_(Settings(store=full), tmp_path / "out.jsonl")
    assert everything(full) == before


def test_an_empty_store_may_be_filled(full: Path, tmp_path: Path) -> None:
    with open_writer(tmp_path / "new.duckdb", wait_s=5):
        pass
    export(Settings(store=full), "json", tmp_path / "out.jsonl")
    import_(Settings(store=tmp_path / "new.duckdb"), tmp_path / "out.jsonl")
    assert everything(tmp_path / "new.duckdb") == everything(full)


@pytest.fixture(scope="module")
def exported(full: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The store as JSON lines."""
    file = tmp_path_factory.mktemp("exported") / "out.jsonl"
    export(Settings(store=full), "json", file)
    return file.read_text()


@pytest.fixture(scope="module")
def manifest(full: Path) -> Told:
    """What an export of the store would say of itself."""
    with open_reader(full, wait_s=5) as db:
        return manifest_of(db, full, made_by="us").as_json()  # type: ignore[return-value]  # plain JSON


def sealed(manifest: dict[str, object]) -> str:
    told = {name: value for name, value in manifest.items() if name != "seal"}
    return json.dumps({**told, "seal": fingerprint(told)})


Edit = Callable[[list[str]], list[str]]
DAMAGES: dict[str, tuple[str, Edit]] = {
    "a word": ("rows of table utterances", lambda lines: [line.replace("Postgres", "Oracle") for line in lines]),
    "a line lost": ("has .* rows; the manifest says", lambda lines: lines[:-1]),
    "a line twice": ("has .* rows; the manifest says", lambda lines: [*lines, lines[-1]]),
    "a line cut": (r"line \d+ is no row", lambda lines: [*lines[:-1], lines[-1][:20]]),
    "another table": ("of another table", lambda lines: [*lines, '{"table": "secrets", "row": {}}']),
    "another type": (
        "not of its types",
        lambda lines: [line.replace('"audit_no":1,', '"audit_no":"x",') for line in lines],
    ),
    "a table that is none": ("of another table", lambda lines: [*lines, '{"table": ["links"], "row": {}}']),
    "nesting without end": (r"line \d+ is no row", lambda lines: [*lines, "[" * 100_000]),
    "a manifest without end": ("broken JSON", lambda lines: ["[" * 100_000, *lines[1:]]),
    "a number without end": ("broken JSON", lambda lines: ["1" * 5_000, *lines[1:]]),
    "half a character": ("edited|none can be made", lambda lines: [lines[0].replace("intent-", "\\ud800"), *lines[1:]]),
    "half a character in a row": (
        "not of its types|no row|not those",
        lambda lines: [lines[0], lines[1].replace('"reader":"', '"reader":"\\ud800'), *lines[2:]],
    ),
    "a year without end": (
        "not of its types|not those",
        lambda lines: [line.replace('"recorded_from":"20', '"recorded_from":"2000') for line in lines],
    ),
    "a count": ("does not give its seal", lambda lines: [lines[0].replace('"rows": 1', '"rows": 2'), *lines[1:]]),
    "no manifest": ("no manifest", lambda lines: lines[1:]),
    "no JSON": ("broken JSON", lambda lines: ["hello", *lines]),
}


@pytest.mark.parametrize(("problem", "edit"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_export_is_refused_by_name_and_leaves_nothing(
    problem: str, edit: Edit, exported: str, tmp_path: Path
) -> None:
    file, other = tmp_path / "out.jsonl", Settings(store=tmp_path / "other.duckdb")
    file.write_text("".join(line + "\n" for line in edit(exported.splitlines())))
    with pytest.raises(ExportDamaged, match=problem):
        import_(other, file)
    assert not [path for path in tmp_path.iterdir() if path.suffix in {".duckdb", ".new"}]


def test_a_damaged_folder_is_refused_by_name(full: Path, tmp_path: Path) -> None:
    other = Settings(store=tmp_path / "other.duckdb")
    for name, damage, problem in (
        ("lost", Path.unlink, "'people.parquet' is missing"),
        ("cut", lambda path: path.write_bytes(path.read_bytes()[:50]), "'people.parquet' cannot be read"),
        ("swapped", lambda path: path.write_bytes((path.parent / "links.parquet").read_bytes()), "other columns"),
    ):
        export(Settings(store=full), "parquet", tmp_path / name)
        damage(tmp_path / name / "people.parquet")
        with pytest.raises(ExportDamaged, match=problem):
            import_(other, tmp_path / name)
    (tmp_path / name / "manifest.json").unlink()
    with pytest.raises(ExportDamaged, match=r"no manifest\.json"):
        import_(other, tmp_path / name)


def test_an_export_of_a_newer_version_is_refused_by_name(exported: str, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    first, *rest = exported.splitlines()
    for field, known in (("schema_version", "schema"), ("intent_export", "format")):
        file.write_text("\n".join([sealed({**json.loads(first), field: 99}), *rest]) + "\n")
        with pytest.raises(ExportNewer, match=f"99; this intent-server imports up to .*{known}"):
            import_(Settings(store=tmp_path / "other.duckdb"), file)


FALSE_MANIFESTS: Mapping[str, Callable[[Told], Mapping[str, object]]] = {
    "version in words": lambda told: {"schema_version": "x"},
    "version 0": lambda told: {"schema_version": 0},
    "version -1": lambda told: {"schema_version": -1},
    "version true": lambda told: {"schema_version": True},
    "format 0": lambda told: {"intent_export": 0},
    "a list": lambda told: {"tables": []},
    "an empty table": lambda told: {"tables": {"sources": {}}},
    "no tables": lambda told: {"tables": {}},
    "another table": lambda told: {"tables": {**told["tables"], "secrets": told["tables"]["links"]}},
    "a path": lambda told: {"tables": {**told["tables"], "../links": told["tables"]["links"]}},
    "a derived table": lambda told: {"tables": {**told["tables"], "vectors": told["tables"]["links"]}},
    "a table less": lambda told: {"tables": {name: told["tables"][name] for name in TABLES[1:]}},
    "too old for a table": lambda told: {"schema_version": 2},
    "rows below none": lambda told: {"tables": {**told["tables"], "links": {"rows": -1, "fingerprint": "b2:0"}}},
    "rows in words": lambda told: {"tables": {**told["tables"], "links": {"rows": "1", "fingerprint": "b2:0"}}},
    "no fingerprint": lambda told: {"tables": {**told["tables"], "links": {"rows": 1, "fingerprint": None}}},
    "maker none": lambda told: {"made_by": None},
    "more": lambda told: {"more": 1},
}


@pytest.mark.parametrize("change", FALSE_MANIFESTS.values(), ids=FALSE_MANIFESTS)
def test_a_manifest_that_is_none_is_refused(change: Callable[[Told], Mapping[str, object]], manifest: Told) -> None:
    with pytest.raises(ExportDamaged, match="nothing was imported"):
        manifest_from(sealed({**manifest, **change(manifest)}), "out")


def test_the_tables_of_each_schema_are_known(tmp_path: Path) -> None:
    for version in range(1, known_version() + 1):
        with closing(duckdb.connect()) as db:
            migrate(db, tmp_path, now=datetime(2026, 6, 1), upto=version)  # noqa: DTZ001  as it is stored
            names = {row[0] for row in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert names - DERIVED == set(tables_of(version))


def test_rows_of_a_folder_are_checked_before_they_are_kept(full: Path, tmp_path: Path) -> None:
    export(Settings(store=full), "parquet", tmp_path / "out")
    manifest = manifest_from((tmp_path / "out" / "manifest.json").read_text(), "out")
    with open_writer(tmp_path / "other.duckdb", wait_s=5) as db, pytest.raises(ExportDamaged):
        load_parquet(db, manifest, tmp_path / "nowhere")


def said(place: Path) -> list[tuple[object, ...]]:
    """Choice, reasons and alternatives of every decision that is delivered, white space folded."""
    query = """
        SELECT decisions.choice, parts.kind, parts.text, about.text
        FROM decisions
        JOIN parts ON parts.decision_id = decisions.decision_id AND parts.recorded_to IS NULL
        LEFT JOIN parts AS about ON about.part_id = parts.about_part_id AND about.kind = 'alternative'
        WHERE decisions.recorded_to IS NULL AND NOT decisions.is_doubtful
            AND parts.kind IN ('choice', 'rationale', 'alternative')
            AND decisions.decision_id NOT IN (
                SELECT decision_id FROM reviews WHERE action = 'dismissed' AND recorded_to IS NULL
            )
    """
    with open_reader(place, wait_s=5) as db:
        rows = db.execute(query).fetchall()
    return sorted(tuple(" ".join(str(cell).split()) for cell in row) for row in rows)


def test_madr_files_are_read_back_word_for_word(full: Path, tmp_path: Path) -> None:
    told = export(Settings(store=full), "madr", tmp_path / "adr")
    assert [count.count for count in told.counts][1:] == [0]
    other = tmp_path / "other.duckdb"
    assert run(["ingest", str(tmp_path / "adr"), "--store", str(other)]) == ExitCode.DONE
    assert said(other) == said(full)


def test_a_superseded_record_names_its_successor_so_that_it_is_found_again(full: Path, tmp_path: Path) -> None:
    export(Settings(store=full), "madr", tmp_path / "adr")
    run(["ingest", str(tmp_path / "adr"), "--store", str(tmp_path / "other.duckdb")])
    count = (
        "SELECT count(*) FROM links WHERE relation = 'supersedes' AND target_kind = 'decision' AND recorded_to IS NULL"
    )
    with open_reader(tmp_path / "other.duckdb", wait_s=5) as db:
        found = db.execute(count).fetchone()
    with open_reader(full, wait_s=5) as db:
        assert found == db.execute(count).fetchone() != (0,)


NASTY = (
    'Use "DuckDB", because it is "small", since 2020. And more; really.',
    "don't: use 'it' - **now** [x](y.md) `code` # not a heading",
    "* a star\n  over two lines | and a bar",
    "Good, because nothing – supersedes ADR-0007",
)


@pytest.mark.parametrize("choice", NASTY)
def test_awkward_words_are_read_back_or_said_not_to_be(choice: str, keep: Callable[..., Path], tmp_path: Path) -> None:
    talk = session([choice, "Agreed, because it needs no server.", "Postgres was the other option 🦆."])
    kept: Kept = (talk, [candidate(talk, choice)])
    place = keep(kept)
    with open_reader(place, wait_s=5) as db:
        (file,) = madr_files(db)
    (tmp_path / "adr").mkdir()
    (tmp_path / "adr" / file.name).write_text(file.text)
    run(["ingest", str(tmp_path / "adr"), "--store", str(tmp_path / "other.duckdb")])
    assert file.is_word_for_word is (said(tmp_path / "other.duckdb") == said(place))


def test_a_folder_of_records_is_no_export(full: Path, tmp_path: Path) -> None:
    export(Settings(store=full), "madr", tmp_path / "adr")
    with pytest.raises(BadRequest, match="intent ingest"):
        import_(Settings(store=tmp_path / "other.duckdb"), tmp_path / "adr")
    with pytest.raises(BadRequest, match="No export at"):
        import_(Settings(store=tmp_path / "other.duckdb"), tmp_path / "nothing")


def test_the_command_line_exports_to_standard_output_and_imports(
    full: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["export", "json", "-", "--store", str(full)]) == ExitCode.DONE
    file = tmp_path / "out.jsonl"
    file.write_text(capsys.readouterr().out)
    assert run(["export", "parquet", "-", "--store", str(full)]) == ExitCode.USAGE
    assert run(["import", str(file), "--store", str(tmp_path / "new.duckdb")]) == ExitCode.DONE
    assert everything(tmp_path / "new.duckdb") == everything(full)
    assert run(["import", str(file), "--store", str(tmp_path / "new.duckdb")]) == ExitCode.USAGE
