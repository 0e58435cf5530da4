"""A dbt project's artifacts: what is read, what is said to be missing, what is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dbt import project_in, project_of
from ingest.errors import SourceEmpty, SourceError, SourceMalformed, SourceMissing
from ingest.pipelines import Node, Project
from ingest.sources import Declared, stdin_source

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "dbt_manifest" / "target"
SCHEMA = "https://schemas.getdbt.com/dbt/manifest/v{}.json"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def project(document: Mapping[str, object], version: int = 12, **metadata: object) -> Project:
    whole = {"metadata": {"dbt_schema_version": SCHEMA.format(version), "project_name": "shop", **metadata}, **document}
    return project_of([stdin_source(json.dumps(whole).encode(), Declared())])


def model(name: str = "orders", **facts: object) -> dict[str, object]:
    checksum = {"name": "sha256", "checksum": "ab"}
    return {"unique_id": f"model.shop.{name}", "resource_type": "model", "name": name, "checksum": checksum, **facts}


def only(**facts: object) -> Node:
    (node,) = project({"nodes": {"model.shop.orders": model(**facts)}}).nodes
    return node


@pytest.fixture
def sample() -> Project:
    return project_in(SAMPLE)


def named(found: Project, unique_id: str) -> Node:
    return next(node for node in found.nodes if node.unique_id == unique_id)


def test_the_commit_comes_from_the_environment_that_dbt_ran_in(sample: Project) -> None:
    assert sample.git_sha == "e7741c09ab3f4d5286971b0c2d3e4f5061728394"
    assert sample.repository == "https://github.com/lumen-goods/orders-pipeline.git"
    assert (sample.pull_request, sample.name, sample.schema_version) == ("42", "orders_pipeline", "v12")
    assert sample.fingerprint_kind == "parsed"
    assert sample.generated_at == datetime(2026, 3, 6, 2, 0, 11, 204000, UTC)


def test_columns_have_the_catalogs_types_and_those_that_only_it_knows(sample: Project) -> None:
    columns = named(sample, "model.orders_pipeline.dim_customers").columns
    assert [(one.name, one.data_type) for one in columns] == [
        ("customer_id", "INTEGER"),
        ("last_ordered_at", "TIMESTAMP"),
    ]


def test_runs_have_their_times_rows_and_failures(sample: Project) -> None:
    run = next(one for one in sample.runs if one.unique_id == "seed.orders_pipeline.raw_orders")
    assert (run.status, run.rows, run.started_at) == ("success", 3, datetime(2026, 3, 6, 2, 5, 0, 200000, UTC))
    assert (run.ended_at, run.git_sha) == (datetime(2026, 3, 6, 2, 5, 1, 500000, UTC), sample.git_sha)
    assert [one.failures for one in sample.runs if one.status == "warn"] == [2]


def test_freshness_says_how_old_the_rows_were(sample: Project) -> None:
    (fresh,) = sample.freshness
    assert (fresh.unique_id, fresh.status, fresh.age_s) == ("source.orders_pipeline.till.receipts", "warn", 48039.9)


def test_published_versions_are_nodes_of_their_own(sample: Project) -> None:
    node = named(sample, "model.orders_pipeline.fct_store_days.v1")
    assert (node.name, node.version, node.latest_version) == ("fct_store_days", "1", "2")


def test_a_generic_test_knows_what_it_tests(sample: Project) -> None:
    node = next(one for one in sample.nodes if one.test is not None and one.test.name == "accepted_values")
    assert (node.attached_node, node.column_name) == ("model.orders_pipeline.stg_orders", "status")
    assert node.test is not None
    assert node.test.kwargs["values"] == ["placed", "paid", "shipped", "refunded"]


def test_a_model_has_the_owner_of_its_group(sample: Project) -> None:
    assert named(sample, "model.orders_pipeline.stg_orders").owner == "Priya Nair"
    assert named(sample, "exposure.orders_pipeline.store_screen").owner == "Ana Lima"


def test_disabled_nodes_are_counted_and_left_out(sample: Project) -> None:
    assert "1 disabled nodes left out" in sample.notes
    assert all("card_fees" not in node.unique_id for node in sample.nodes)


def test_macros_of_other_packages_are_no_nodes() -> None:
    macros = {f"macro.{pkg}.f": {"package_name": pkg, "macro_sql": "x"} for pkg in ("shop", "dbt")}
    assert [node.unique_id for node in project({"macros": macros}).nodes] == ["macro.shop.f"]


def test_a_source_as_a_whole_is_a_node_where_something_is_said_of_it(sample: Project) -> None:
    assert named(sample, "source.orders_pipeline.till").description == "Files that the tills send."
    assert named(sample, "source.orders_pipeline.till.receipts").name == "till.receipts"


def test_every_missing_file_is_said(tmp_path: Path) -> None:
    shutil.copy(SAMPLE / "manifest.json", tmp_path)
    notes = project_in(tmp_path).notes
    assert [note.partition(":")[0] for note in notes[-3:]] == [
        "no run_results.json",
        "no catalog.json",
        "no sources.json",
    ]


def test_the_folder_of_the_project_does_for_its_target(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    shutil.copy(SAMPLE / "manifest.json", tmp_path / "target")
    assert project_in(tmp_path).name == "orders_pipeline"


def test_a_folder_without_a_manifest_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Run `dbt parse`"):
        project_in(tmp_path)
    with pytest.raises(SourceMissing):
        project_in(tmp_path / "nowhere")


def test_a_broken_file_beside_the_manifest_costs_only_itself(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "run_results.json").write_text('{"results": [')
    found = project_in(tmp_path)
    assert found.runs == ()
    assert found.freshness
    assert [one.where for one in found.rejected] == ["run_results.json"]
    assert "run_results.json cannot be read: no runs are known" in found.notes


@pytest.mark.parametrize("version", [4, 7, 12])
def test_known_versions_are_read(version: int) -> None:
    assert project({"nodes": {"model.shop.orders": model()}}, version).schema_version == f"v{version}"


@pytest.mark.parametrize(
    ("version", "advice"), [(13, "Upgrade intent-server"), (3, "Parse the project with dbt 1.0 or later")]
)
def test_other_versions_are_refused_with_advice(version: int, advice: str) -> None:
    with pytest.raises(SourceError, match=f"version {version}; versions 4 to 12 are read. {advice}"):
        project({}, version)


@pytest.mark.parametrize(
    "text", ["[]", "7", "{}", '{"metadata": []}', '{"metadata": {"dbt_schema_version": "x"}}', "{"]
)
def test_what_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises(SourceMalformed):
        project_of([stdin_source(text.encode(), Declared())])


def test_blank_bytes_are_an_empty_source() -> None:
    with pytest.raises(SourceEmpty):
        project_of([stdin_source(b" \n", Declared())])


def test_a_catalog_is_no_manifest() -> None:
    with pytest.raises(SourceMalformed, match=r"its schema is .*catalog"):
        project({}, dbt_schema_version="https://schemas.getdbt.com/dbt/catalog/v1.json")


def test_an_entry_or_a_column_that_is_no_object_is_rejected_with_its_pointer() -> None:
    found = project({"nodes": {"model.shop.a/b": [1], "model.shop.orders": model(columns={"x": 3})}})
    assert [(one.reason, one.where) for one in found.rejected] == [
        ("not an object", "manifest.json#/nodes/model.shop.a~1b"),
        ("not an object", "manifest.json#/nodes/model.shop.orders/columns/x"),
    ]
    assert [node.name for node in found.nodes] == ["orders"]


def test_a_second_node_of_one_unique_id_is_rejected() -> None:
    found = project({"nodes": {"a": model(), "b": model(description="again")}})
    assert [(one.reason, one.units) for one in found.rejected] == [("another node has this unique_id", 1)]
    assert len(found.nodes) == 1


def test_older_manifests_have_their_names_and_code_elsewhere() -> None:
    meta = {"owner": "@ana"}
    node = model(raw_sql="select 1", compiled_sql="select 1", config={"meta": meta, "materialized": "table"})
    digest = "55bc69bf5a53be01c3b1fc10d7bb26a9"  # of `shop`, by md5
    found = project({"nodes": {"model.shop.orders": node}}, 4, project_name=None, project_id=digest)
    assert found.name == "shop"
    assert (found.nodes[0].raw_code, found.nodes[0].owner, found.nodes[0].materialized) == ("select 1", "@ana", "table")
    assert found.fingerprint_kind == "rendered"


@pytest.mark.parametrize(
    ("env", "sha", "dirty"),
    [
        ({}, None, None),
        ({"GIT_SHA": "ABCDEF0"}, "abcdef0", None),
        ({"GIT_SHA": "abcdef0-dirty"}, "abcdef0", True),
        ({"GIT_SHA": "abcdef0", "GIT_DIRTY": "false"}, "abcdef0", False),
        ({"GIT_SHA": "abcdef0", "GIT_DIRTY": "1"}, "abcdef0", True),
        ({"GIT_SHA": "main"}, None, None),
    ],
)
def test_the_commit_is_known_or_said_to_be_unknown(env: object, sha: str | None, dirty: bool | None) -> None:
    found = project({}, env=env)
    assert (found.git_sha, found.is_dirty) == (sha, dirty)
    assert any("GIT_SHA" in note for note in found.notes) == (sha is None)
    assert any("uncommitted" in note for note in found.notes) == (dirty is True)


def test_a_command_that_executes_nothing_leaves_no_runs(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path, dirs_exist_ok=True)
    results = json.loads((SAMPLE / "run_results.json").read_text())
    (tmp_path / "run_results.json").write_text(json.dumps({**results, "args": {"which": "generate"}}))
    found = project_in(tmp_path)
    assert found.runs == ()
    assert any("dbt generate, which executes nothing" in note for note in found.notes)


def test_results_of_another_commit_are_said_to_be(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path, dirs_exist_ok=True)
    results = json.loads((SAMPLE / "run_results.json").read_text())
    results["metadata"]["env"]["GIT_SHA"] = "0" * 40
    (tmp_path / "run_results.json").write_text(json.dumps(results))
    assert "run_results.json is of commit 000000000000, the manifest of e7741c09ab3f" in project_in(tmp_path).notes


def test_a_repositorys_address_loses_its_credentials() -> None:
    assert project({}, env={"REPO": "https://me:token@git.example/a/b.git"}).repository == "https://git.example/a/b.git"


def test_characters_beyond_ascii_come_through_both_ways() -> None:
    document = {"metadata": {"dbt_schema_version": SCHEMA.format(12)}, "nodes": {"m": model(description="für 12 ✓ 🏪")}}
    for ascii_only in (True, False):
        for mark in (b"", b"\xef\xbb\xbf"):
            data = mark + json.dumps(document, ensure_ascii=ascii_only).encode()
            assert project_of([stdin_source(data, Declared())]).nodes[0].description == "für 12 ✓ 🏪"


def test_bytes_that_are_no_utf8_are_refused_with_their_place() -> None:
    data = json.dumps({"metadata": {"dbt_schema_version": SCHEMA.format(12)}, "x": "§"}, ensure_ascii=False).encode(
        "cp1252"
    )
    with pytest.raises(SourceError, match=f"byte {data.index(bytes([0xA7]))} is 0xa7"):
        project_of([stdin_source(data, Declared())])


@given(
    nodes=st.dictionaries(st.text(max_size=8), JSON, max_size=3),
    section=st.sampled_from(["nodes", "sources", "macros"]),
)
def test_any_json_for_an_entry_is_a_node_or_rejected(nodes: dict[str, object], section: str) -> None:
    found = project({section: nodes}, env={"GIT_SHA": "abcdef0"})
    assert len(found.nodes) <= len(nodes) + 1
    assert all(one.where.startswith(f"manifest.json#/{section}") for one in found.rejected)


@given(
    st.dictionaries(
        st.sampled_from(
            "unique_id name resource_type checksum config columns description meta tags depends_on unrendered_config"
            " test_metadata contract version source_name source_description patch_path owner group raw_code".split()
        ),
        JSON,
    )
)
def test_any_json_for_any_field_of_a_node_is_no_error(facts: dict[str, object]) -> None:
    for section in ("nodes", "sources", "exposures", "macros", "groups", "metrics"):
        found = project({section: {"model.shop.x": facts}})
        json.dumps([node.meta for node in found.nodes], allow_nan=False)


@given(JSON)
def test_any_json_for_a_file_is_a_project_or_a_source_error(value: object) -> None:
    try:
        project_of([stdin_source(json.dumps(value).encode(), Declared())])
    except SourceError as error:
        assert str(error)


@given(JSON, st.sampled_from(["run_results.json", "catalog.json", "sources.json"]))
def test_any_json_beside_a_manifest_is_no_error(value: object, name: str) -> None:
    manifest = stdin_source(json.dumps({"metadata": {"dbt_schema_version": SCHEMA.format(12)}}).encode(), Declared())
    texts = [
        value,
        {"results": value},
        {"results": [value]},
        {"nodes": {"m": value}},
        {"nodes": {"m": {"columns": value}}},
    ]
    for text in texts:
        beside = stdin_source(json.dumps(text).encode(), Declared(stdin_name=name))
        assert project_of([manifest, beside]).nodes == ()


def test_a_cut_manifest_is_refused_wherever_it_is_cut() -> None:
    data = (SAMPLE / "manifest.json").read_bytes().strip()
    for at in range(1, len(data), 997):
        with pytest.raises(SourceError):
            project_of([stdin_source(data[:at], Declared())])
