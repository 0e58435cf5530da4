"""OpenLineage events: the state that they leave, by time and not by their order in the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError, UnitsUnaccounted
from ingest.openlineage import project_of, sql_fingerprint
from ingest.openlineage_words import session_of
from ingest.pipeline import extract, read
from ingest.pipelines import Node, Project, qualified
from ingest.readers.openlineage import READER
from ingest.records import Reference
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "openlineage" / "2026-03-06-nightly.jsonl"
SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"


def project(*events: object) -> Project:
    lines = "\n".join(json.dumps(event) for event in events)
    return project_of(stdin_source(lines.encode(), Declared()))


def event(at: str, **facts: object) -> dict[str, object]:
    job = {"namespace": "etl", "name": "orders"}
    return {"eventTime": at, "producer": "p", "schemaURL": SCHEMA, "job": job, **facts}


def job(at: str, **facets: object) -> dict[str, object]:
    return event(at, job={"namespace": "etl", "name": "orders", "facets": facets})


def run(at: str, kind: str, **facets: object) -> dict[str, object]:
    return event(at, eventType=kind, run={"runId": "r-1", "facets": facets})


def only(found: Project) -> Node:
    (node,) = found.nodes
    return node


@pytest.fixture
def sample() -> Project:
    return project_of(file_source(SAMPLE, Declared()))


def test_a_run_lasts_from_its_start_to_its_end_and_is_about_its_nominal_window(sample: Project) -> None:
    found = sample.runs[0]
    assert (found.status, found.started_at) == ("complete", datetime(2026, 3, 6, 1, 0, tzinfo=UTC))
    assert found.ended_at == datetime(2026, 3, 6, 1, 4, 30, tzinfo=UTC)
    assert found.nominal_start == datetime(2026, 3, 5, tzinfo=UTC)
    assert (found.rows, found.git_sha) == (184203, "e7741c09ab3f4d5286971b0c2d3e4f5061728394")


def test_a_failure_has_its_message_and_its_parent(sample: Project) -> None:
    found = next(one for one in sample.runs if one.status == "fail")
    assert found.message == "Store 12 sent no file; the report needs every store."
    assert found.parent_run_id == sample.runs[0].run_id


def test_a_run_that_has_not_ended_has_no_end(sample: Project) -> None:
    assert [(one.status, one.ended_at) for one in sample.runs][-1] == ("start", None)


def test_a_dbt_job_is_joined_by_its_facet_and_its_invocation(sample: Project) -> None:
    node = next(one for one in sample.nodes if one.dbt_unique_id)
    assert (node.name, node.dbt_unique_id) == ("lumen.shop.stg_orders.build.run", "model.orders_pipeline.stg_orders")
    ran = next(one for one in sample.runs if one.unique_id)
    assert (ran.unique_id, ran.invocation_id) == (node.dbt_unique_id, "a94d0e7c-51c3-4f86-8b2e-7d60c1e5f3b8")


def test_a_name_that_looks_like_a_dbt_node_joins_nothing() -> None:
    found = project(event("2026-03-01T00:00:00Z", job={"namespace": "dbt", "name": "model.shop.orders"}))
    assert only(found).dbt_unique_id is None


def test_columns_say_what_influences_them_and_what_filters_the_whole(sample: Project) -> None:
    table = next(one for one in sample.datasets if one.name == "mart.orders")
    told = [(one.column, one.from_column, one.kind, one.subtype) for one in table.lineage]
    assert told == [
        ("order_id", "id", "DIRECT", "IDENTITY"),
        ("total", "total_cents", "DIRECT", "TRANSFORMATION"),
        (None, "is_test", "INDIRECT", "FILTER"),
    ]
    assert (table.dataset_version, table.written_by) == ("8841", ("lumen-nightly/load_orders",))


def test_a_columns_older_lineage_is_read_too() -> None:
    item = {"namespace": "n", "name": "t", "field": "a"}
    facet = {"fields": {"x": {"inputFields": [item], "transformationType": "MASKED", "transformationDescription": "d"}}}
    found = project(
        event("2026-03-01T00:00:00Z", outputs=[{"namespace": "n", "name": "o", "facets": {"columnLineage": facet}}])
    )
    (edge,) = found.datasets[0].lineage
    assert (edge.column, edge.subtype, edge.description) == ("x", "MASKED", "d")


def test_where_the_code_is_comes_without_credentials() -> None:
    code = {"url": "https://me:tok@git.example/a/b", "version": "ABCDEF0123", "path": "jobs/x.py"}
    node = only(project(job("2026-03-01T00:00:00Z", sourceCodeLocation=code)))
    assert (node.url, node.repository) == ("https://git.example/a/b", "https://git.example/a/b")
    assert (node.git_sha, node.path) == ("abcdef0123", "jobs/x.py")


def test_a_later_facet_replaces_the_earlier_whatever_the_order_of_the_file() -> None:
    early = job("2026-03-01T00:00:00Z", documentation={"description": "old"}, ownership={"owners": [{"name": "a"}]})
    late = job("2026-03-02T00:00:00Z", documentation={"description": "new"})
    for events in ((early, late), (late, early)):
        node = only(project(*events))
        assert (node.description, node.owner) == ("new", "a")


def test_a_deleted_facet_is_gone_until_it_comes_again() -> None:
    told = job("2026-03-01T00:00:00Z", documentation={"description": "old"})
    gone = job("2026-03-02T00:00:00Z", documentation={"_deleted": True})
    again = job("2026-03-03T00:00:00Z", documentation={"description": "new"})
    assert only(project(gone, told)).description == ""
    assert only(project(told, gone, again)).description == "new"


def test_events_out_of_order_give_the_same_run() -> None:
    start, end = run("2026-03-01T00:00:00Z", "START"), run("2026-03-01T00:05:00Z", "COMPLETE")
    assert project(end, start).runs == project(start, end).runs
    assert project(start, end).runs[0].status == "complete"


def test_the_last_end_counts() -> None:
    found = project(run("2026-03-01T00:05:00Z", "FAIL"), run("2026-03-01T00:09:00Z", "COMPLETE"))
    assert (found.runs[0].status, found.runs[0].started_at) == ("complete", datetime(2026, 3, 1, 0, 5, tzinfo=UTC))


def test_a_schedules_dates_and_white_space_make_no_new_version() -> None:
    first = sql_fingerprint("select *\n from t where day = '2026-03-01' and at < '2026-03-01T10:00:00Z'")
    assert first == sql_fingerprint("select * from t where day = '2026-03-02' and at < '2026-03-02 10:00:00'")
    assert first != sql_fingerprint("select * from t where day = '2026-03-02'")


def test_two_names_never_become_one() -> None:
    assert qualified("a/b", "c") != qualified("a", "b/c")
    assert qualified("a", "b%2Fc") != qualified("a", "b/c")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (7, "not an object"),
        ({"eventTime": "soon", "job": {"namespace": "a", "name": "b"}}, "eventTime is no time"),
        ({"eventTime": "2026-03-01T00:00:00Z", "job": {"name": "b"}}, "neither a job nor a dataset"),
        (
            {"eventTime": "2026-03-01T00:00:00Z", "run": {}, "job": {"namespace": "a", "name": "b"}},
            "a run without a runId",
        ),
    ],
)
def test_what_is_no_event_is_rejected_with_its_line(bad: object, reason: str) -> None:
    found = project(event("2026-03-01T00:00:00Z"), bad)
    (refused,) = found.rejected
    assert refused.reason.startswith(reason)
    assert refused.where == "line 2"


def test_a_broken_line_costs_only_itself() -> None:
    good = json.dumps(event("2026-03-01T00:00:00Z")).encode()
    found = project_of(stdin_source(good + b"\n{oops\n\n" + good, Declared()))
    assert [one.where for one in found.rejected] == ["line 2"]
    assert len(found.nodes) == 1


@pytest.mark.parametrize("form", ["lines", "list", "one", "indented"])
def test_every_form_of_a_file_is_recognised_and_counted(form: str) -> None:
    events = [event("2026-03-01T00:00:00Z"), event("2026-03-02T00:00:00Z")]
    text = {
        "lines": "\n".join(map(json.dumps, events)),
        "list": json.dumps(events),
        "one": json.dumps(events[0]),
        "indented": json.dumps(events, indent=2),
    }[form]
    source = stdin_source(text.encode(), Declared())
    assert reader_for(source) is READER
    assert read(source, READER).kept == (1 if form == "one" else 2)


def test_events_without_words_are_kept_without_utterances() -> None:
    reading = read(stdin_source(json.dumps(event("2026-03-01T00:00:00Z")).encode(), Declared()), READER)
    assert (reading.kept, reading.sessions[0].utterances) == (1, ())


def test_what_documentation_decides_governs_the_job_the_dataset_or_the_dbt_node(sample: Project) -> None:
    found = {one.subject: one for one in extract(session_of(sample, 9)).candidates}
    assert found["load_orders"].references[0] == Reference("governs", "job", "lumen-nightly/load_orders", "explicit")
    assert found["mart.orders"].references[0].target_kind == "dataset"
    built = found["lumen.shop.stg_orders.build.run"]
    assert built.references == (
        Reference("governs", "node", "model.orders_pipeline.stg_orders", "explicit"),
        Reference("explains", "decision", "0002-count-customers-who-ordered-in-90-days.md", "explicit"),
    )


def test_the_same_words_have_the_same_id_in_another_file_and_changed_words_another() -> None:
    def ids(description: str, name: str) -> Mapping[str, str | None]:
        found = session_of(project(job(f"2026-03-0{name}T00:00:00Z", documentation={"description": description})), 1)
        return {one.text: one.native_id for one in found.utterances}

    assert ids("Copies orders.", "1") == ids("Copies orders.", "2")
    assert ids("Copies orders.", "1")["Copies orders."] != ids("Copies refunds.", "1")["Copies refunds."]


def test_a_file_read_again_is_the_same_session(sample: Project) -> None:
    assert session_of(sample, 9) == session_of(project_of(file_source(SAMPLE, Declared())), 9)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
NAMED = st.fixed_dictionaries({"namespace": st.text(max_size=3) | JSON, "name": st.text(max_size=3) | JSON})
FACETS = st.dictionaries(
    st.sampled_from(
        "documentation ownership sourceCodeLocation sql tags schema columnLineage version dbt_node nominalTime"
        " errorMessage parent dbt_run".split()
    ),
    JSON
    | st.dictionaries(
        st.sampled_from("description owners version query tags fields dataset unique_id _deleted run message".split()),
        JSON,
    ),
)
EVENT = st.fixed_dictionaries(
    {"eventTime": st.just("2026-03-01T00:00:00Z") | JSON},
    optional={
        "eventType": st.sampled_from(["START", "COMPLETE", "FAIL"]) | JSON,
        "run": st.fixed_dictionaries({"runId": st.text(max_size=3) | JSON}, optional={"facets": FACETS}) | JSON,
        "job": st.fixed_dictionaries({"namespace": st.just("n"), "name": st.just("j"), "facets": FACETS})
        | NAMED
        | JSON,
        "dataset": st.fixed_dictionaries({"namespace": st.just("n"), "name": st.just("d"), "facets": FACETS}) | JSON,
        "inputs": st.lists(NAMED | JSON, max_size=2) | JSON,
        "outputs": st.lists(NAMED | JSON, max_size=2) | JSON,
    },
)


@given(st.lists(EVENT | JSON, min_size=1, max_size=4), st.booleans())
def test_any_json_is_an_event_or_rejected_and_units_add_up(events: list[object], is_lined: bool) -> None:
    text = "\n".join(map(json.dumps, events)) if is_lined else json.dumps(events)
    source = stdin_source(text.encode(), Declared())
    try:
        reading = read(source, READER)  # raises when read is not kept + rejected
    except SourceError as error:
        assert not isinstance(error, UnitsUnaccounted)
        return
    json.dumps([node.meta for node in project_of(source).nodes], allow_nan=False)
    assert reading.read <= len(events) or is_lined
