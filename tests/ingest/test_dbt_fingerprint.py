"""What changes a dbt node's fingerprint, and what does not: one change at a time."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dbt import project_of
from ingest.dbt_fingerprint import closure, macro, without_refs
from ingest.sources import Declared, stdin_source

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "dbt_manifest" / "target" / "manifest.json"
DIM, STG = "model.orders_pipeline.dim_customers", "model.orders_pipeline.stg_orders"
WITHIN = "macro.orders_pipeline.active_within"


@pytest.fixture
def manifest() -> Any:  # a parsed document that each test changes
    return json.loads(SAMPLE.read_text())


def prints(manifest: object) -> dict[str, str | None]:
    project = project_of([stdin_source(json.dumps(manifest).encode(), Declared())])
    return {node.unique_id: node.fingerprint for node in project.nodes}


def changed(before: object, after: object) -> set[str]:
    one, other = prints(before), prints(after)
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def test_a_file_changes_its_own_node_alone(manifest: Any) -> None:
    after = deepcopy(manifest)
    after["nodes"][STG]["checksum"]["checksum"] = "0" * 64
    assert changed(manifest, after) == {STG}


def test_a_macro_changes_every_node_that_names_it(manifest: Any) -> None:
    after = deepcopy(manifest)
    after["macros"][WITHIN]["macro_sql"] += " "
    assert changed(manifest, after) == {DIM, WITHIN}


def test_a_macro_reached_through_others_changes_the_node(manifest: Any) -> None:
    manifest["macros"][WITHIN]["depends_on"] = {"macros": ["macro.pkg.a"]}
    manifest["macros"]["macro.pkg.a"] = {
        "package_name": "pkg",
        "macro_sql": "1",
        "depends_on": {"macros": ["macro.pkg.b"]},
    }
    manifest["macros"]["macro.pkg.b"] = {"package_name": "pkg", "macro_sql": "2", "depends_on": {"macros": [WITHIN]}}
    after = deepcopy(manifest)
    after["macros"]["macro.pkg.b"]["macro_sql"] = "3"
    assert changed(manifest, after) == {DIM, WITHIN}


def test_a_configuration_changes_its_node(manifest: Any) -> None:
    after = deepcopy(manifest)
    after["nodes"][STG]["unrendered_config"]["materialized"] = "incremental"
    assert changed(manifest, after) == {STG}


def test_words_and_places_change_nothing(manifest: Any) -> None:
    after = deepcopy(manifest)
    after["nodes"][STG] |= {
        "description": "Else.",
        "original_file_path": "x.sql",
        "alias": "a",
        "relation_name": '"p"."q"',
    }
    after["nodes"][STG]["columns"]["status"]["description"] = "Else."
    after["metadata"]["generated_at"] = "2027-01-01T00:00:00Z"
    assert changed(manifest, after) == set()


def test_naming_a_decision_makes_no_new_version(manifest: Any) -> None:
    after = deepcopy(manifest)
    after["nodes"][DIM]["unrendered_config"]["meta"] = {"decision_refs": ["dec_1"]}
    del after["nodes"][STG]["unrendered_config"]["meta"]["decision_refs"]
    assert changed(manifest, after) == set()


def test_other_meta_counts_since_macros_may_read_it(manifest: Any) -> None:
    after = deepcopy(manifest)
    after["nodes"][DIM]["unrendered_config"]["meta"] = {"masked": True}
    assert changed(manifest, after) == {DIM}


def test_a_generic_test_changes_with_its_arguments_and_its_severity(manifest: Any) -> None:
    name = next(name for name in manifest["nodes"] if "accepted_values" in name)
    for change in (
        {"test_metadata": {"name": "accepted_values", "kwargs": {"values": [1]}}},
        {"config": {"severity": "E"}},
    ):
        after = deepcopy(manifest)
        after["nodes"][name] |= change
        assert changed(manifest, after) == {name}


def test_a_test_of_another_name_is_another_node(manifest: Any) -> None:
    name = next(name for name in manifest["nodes"] if "not_null" in name)
    after = deepcopy(manifest)
    after["nodes"][name]["config"] |= {"alias": "other", "schema": "elsewhere", "tags": ["x"]}
    assert changed(manifest, after) == set()


def test_a_source_changes_with_what_it_reads_not_with_where_a_target_puts_it(manifest: Any) -> None:
    name = "source.orders_pipeline.till.receipts"
    after = deepcopy(manifest)
    after["sources"][name] |= {"database": "prod", "schema": "till_prod"}
    assert changed(manifest, after) == set()
    after["sources"][name]["identifier"] = "receipts_v2"
    assert changed(manifest, after) == {name}


def test_a_node_without_anything_that_decides_its_sql_has_no_fingerprint(manifest: Any) -> None:
    del manifest["nodes"][STG]["checksum"]
    assert prints(manifest)[STG] is None


def test_rendering_is_evidence_and_no_part_of_the_fingerprint(manifest: Any) -> None:
    after = deepcopy(manifest)
    after["nodes"][STG]["compiled_code"] = "select 1"
    assert changed(manifest, after) == set()
    project = project_of([stdin_source(json.dumps(after).encode(), Declared())])
    assert project.fingerprint_kind == "rendered"
    assert next(node for node in project.nodes if node.unique_id == STG).compiled_fingerprint is not None


def test_macros_that_call_each_other_are_each_reached_once() -> None:
    macros = {"a": macro("1", ["b"]), "b": macro("2", ["a", "gone"])}
    assert [name for name, _ in closure(["a"], macros)] == ["a", "b", "gone"]
    assert closure(["gone"], macros) == [("gone", None)]


@given(st.dictionaries(st.text(max_size=5), st.integers(), max_size=4), st.text(max_size=5))
def test_only_the_link_to_decisions_is_left_out(meta: dict[str, object], ref: str) -> None:
    meta.pop("decision_refs", None)
    kept = without_refs({"meta": {**meta, "decision_refs": ref}, "x": 1})
    assert kept == ({"meta": meta, "x": 1} if meta else {"x": 1})
    assert without_refs({"meta": meta}) == {"meta": meta}


def test_key_order_and_unicode_form_change_nothing(manifest: Any) -> None:
    manifest["nodes"][STG]["unrendered_config"]["über"] = "é"
    after = deepcopy(manifest)
    config = after["nodes"][STG]["unrendered_config"]
    after["nodes"][STG]["unrendered_config"] = dict(reversed(config.items())) | {"über": "e\u0301"}
    assert changed(manifest, after) == set()
