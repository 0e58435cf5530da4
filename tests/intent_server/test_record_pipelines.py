"""A pipeline in the store: nodes and their history, versions, runs, and the decisions that its models name."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.errors import SourceError
from ingest.registry import reader_for
from ingest.sources import Declared, file_source
from intent_server import questions, record
from intent_server.cli.main import run
from intent_server.config import Settings
from intent_server.record_pipelines import ingest_dbt, ingest_pipeline
from intent_server.record_upkeep import verify
from intent_server.store.connect import open_reader

DATA = Path(__file__).parents[2] / "data"
SHOP = DATA / "examples" / "shop"
Manifest = dict[str, dict[str, dict[str, object]]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=tmp_path / "intent.duckdb")


@pytest.fixture
def target(tmp_path: Path) -> Callable[[Callable[[Manifest], None]], Path]:
    """Makes a target folder with the example's later manifest, changed."""

    def make(change: Callable[[Manifest], None]) -> Path:
        manifest = json.loads((SHOP / "target_after" / "manifest.json").read_text())
        change(manifest)
        folder = tmp_path / "target"
        folder.mkdir(exist_ok=True)
        (folder / "manifest.json").write_text(json.dumps(manifest))
        return folder

    return make


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with open_reader(settings.store, wait_s=5) as db:
        return db.execute(query).fetchall()


def test_a_change_closes_the_node_and_adds_a_version(settings: Settings) -> None:
    first = ingest_dbt(record.recorder(settings), SHOP / "target_before")
    assert (first.outcome, first.nodes_added, first.fingerprint_kind) == ("added", first.nodes, "parsed")
    second = ingest_dbt(record.recorder(settings), SHOP / "target_after")
    assert second.outcome == "updated"
    fingerprints = "SELECT count(DISTINCT fingerprint) FROM pipeline_versions WHERE unique_id = 'model.shop.{}'"
    assert rows(settings, fingerprints.format("stg_orders")) == [(2,)]
    assert rows(settings, fingerprints.format("orders_daily")) == [(1,)]
    assert verify(settings).findings == []


def test_the_same_artifacts_again_change_nothing(settings: Settings) -> None:
    ingest_dbt(record.recorder(settings), SHOP / "target_after")
    before = rows(settings, "SELECT max(audit_no) FROM audit")
    assert ingest_dbt(record.recorder(settings), SHOP / "target_after").outcome == "unchanged"
    assert rows(settings, "SELECT max(audit_no) FROM audit") == before


def test_a_node_that_is_gone_is_closed_and_its_versions_stay(
    settings: Settings, target: Callable[[Callable[[Manifest], None]], Path]
) -> None:
    ingest_dbt(record.recorder(settings), target(lambda _: None))
    report = ingest_dbt(record.recorder(settings), target(lambda one: one["nodes"].pop("model.shop.orders_daily")))  # type: ignore[arg-type]  # what pop gives is not used
    assert report.nodes_closed == 1
    assert rows(settings, "SELECT recorded_to IS NULL FROM nodes WHERE unique_id = 'model.shop.orders_daily'") == [
        (False,)
    ]
    assert rows(settings, "SELECT count(*) FROM pipeline_versions WHERE unique_id = 'model.shop.orders_daily'") == [
        (1,)
    ]


@pytest.mark.parametrize("name", ["0001-keep-the-mart-in-duckdb", "ADR-0001", "1"])
def test_a_model_that_names_a_record_is_governed_by_its_decision(
    name: str, settings: Settings, target: Callable[[Callable[[Manifest], None]], Path]
) -> None:
    def refer(manifest: Manifest) -> None:
        manifest["nodes"]["model.shop.orders_daily"]["meta"] = {"decision_refs": [name]}

    folder = settings.store.parent / "adr"
    folder.mkdir()
    text = next((DATA / "samples" / "decision_record").glob("0001-*.md")).read_text()
    (folder / "0001-keep-the-mart-in-duckdb.md").write_text(text)
    assert run(["ingest", str(folder), "--store", str(settings.store)]) == 0
    ingest_dbt(record.recorder(settings), target(refer))
    answer = questions.why(questions.asker(settings), "", subject="orders_daily")
    assert len(answer.decisions) == 1
    came_by = answer.decisions[0].came_by
    assert came_by is not None
    assert (came_by.relation, came_by.method) == ("governs", "explicit")
    assert name in (came_by.evidence or "")


def test_secrets_in_descriptions_and_meta_are_masked(
    settings: Settings, target: Callable[[Callable[[Manifest], None]], Path]
) -> None:
    token = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"

    def leak(manifest: Manifest) -> None:
        node = manifest["nodes"]["model.shop.orders_daily"]
        node["description"], node["meta"] = f"Read with {token}.", {"owner_note": {"deep": [token]}}

    ingest_dbt(record.recorder(settings), target(leak))
    assert token.encode() not in settings.store.read_bytes()


def test_a_folder_without_a_manifest_says_what_to_run(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="dbt parse"):
        ingest_dbt(record.recorder(settings), tmp_path)


def test_lineage_gives_jobs_datasets_and_runs_once(settings: Settings) -> None:
    events = file_source(next((SHOP / "sources").glob("*lineage*")), Declared())
    reader = reader_for(events, name="openlineage")
    first = ingest_pipeline(record.recorder(settings), events, reader)
    assert (first.system, first.outcome) == ("openlineage", "added")
    assert first.runs_added > 0
    assert ingest_pipeline(record.recorder(settings), events, reader).outcome == "unchanged"
    assert rows(settings, "SELECT count(DISTINCT kind) FROM nodes WHERE system = 'openlineage'") == [(2,)]
