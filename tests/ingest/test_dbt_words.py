"""What a dbt project's descriptions and meta say, and what of it is a decision."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dbt import project_in, project_of
from ingest.dbt_words import DecisionRef, decision_refs, session_of
from ingest.errors import SourceError
from ingest.pipeline import extract, read
from ingest.pipeline_statements import decides
from ingest.pipeline_words import worded
from ingest.readers.dbt_manifest import READER
from ingest.records import Candidate, Reference, Session
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "dbt_manifest" / "target"
METADATA = {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "project_name": "shop"}


def session(**models: Mapping[str, object]) -> Session:
    nodes = {f"model.shop.{name}": {"name": name, "resource_type": "model", **facts} for name, facts in models.items()}
    document = json.dumps({"metadata": METADATA, "nodes": nodes}).encode()
    found = session_of(project_of([stdin_source(document, Declared())]))
    assert found is not None
    return found


def sample() -> Session:
    found = session_of(project_in(SAMPLE))
    assert found is not None
    return found


def about(found: Session, subject: str) -> Candidate:
    return next(one for one in extract(found).candidates if one.subject == subject)


def said(candidate: Candidate) -> list[tuple[str, str]]:
    return [(part.kind, part.spans[0].quote) for part in candidate.parts]


def test_the_session_is_the_projects_and_has_no_date() -> None:
    found = sample()
    assert (found.kind, found.native_id, found.project) == ("pipeline", "dbt:orders_pipeline", "orders_pipeline")
    assert (found.started_at, found.time_basis) == (None, "unknown")
    assert {one.role for one in found.utterances} == {"document"}


def test_an_utterance_is_known_by_what_it_describes() -> None:
    column = next(one for one in sample().utterances if one.topic == "column stg_orders.status")
    assert column.native_id == "model.orders_pipeline.stg_orders.status"
    assert column.locator == "/nodes/model.orders_pipeline.stg_orders/columns/status"


def test_a_published_version_is_in_the_topic() -> None:
    assert "model fct_store_days.v1" in [one.topic for one in sample().utterances]


def test_a_decision_under_a_heading_has_its_alternatives_with_their_reasons() -> None:
    found = about(sample(), "dim_customers")
    assert (found.authority, found.confidence, found.status) == ("structured", 1.0, "accepted")
    assert said(found) == [
        ("choice", "A customer is active for 90 days after the last order that was not refunded."),
        ("alternative", "30 days"),
        ("alternative", "365 days"),
        ("rationale", "the garden range looked dead every winter."),
        ("rationale", "marketing could not see anybody leave."),
    ]
    assert found.references == (Reference("governs", "node", "model.orders_pipeline.dim_customers", "explicit"),)


def test_a_doc_block_that_decides_governs_the_column_it_is_rendered_on() -> None:
    found = about(sample(), "stg_orders.status")
    assert said(found)[0] == ("choice", "a cancelled order is stored as `refunded`.")
    assert found.references == (Reference("governs", "column", "model.orders_pipeline.stg_orders.status", "explicit"),)


def test_a_sentence_that_decides_is_extracted_with_its_reason_and_the_other_way() -> None:
    found = about(sample(), "stg_orders")
    assert (found.authority, found.confidence) == ("extracted", 0.7)
    assert said(found) == [
        ("choice", "Test orders are dropped here instead of in every report"),
        ("rationale", "because three reports had forgotten to drop them."),
        ("alternative", "in every report"),
    ]


def test_meta_that_gives_a_reason_is_said_under_its_key() -> None:
    found = about(sample(), "stg_orders.amount_cents")
    assert said(found)[0] == ("choice", "Cents instead of euros")


def test_decisions_named_in_meta_are_references_of_the_node_and_of_what_it_decides() -> None:
    ref = "0002-count-customers-who-ordered-in-90-days.md"
    assert Reference("explains", "decision", ref, "explicit") in about(sample(), "stg_orders").references
    place = "/nodes/model.orders_pipeline.dim_customers/columns/customer_id"
    assert DecisionRef("model.orders_pipeline.dim_customers", "customer_id", ref, place) in decision_refs(
        project_in(SAMPLE)
    )


def test_decision_refs_are_no_words() -> None:
    found = session(a={"meta": {"decision_refs": ["we decided this in the long meeting of March"]}})
    assert (found.utterances, found.set_aside) == ((), (("no_words", 1),))


def test_the_same_words_on_two_columns_stand_once_and_govern_both() -> None:
    text = "Days.\n\nDecision: days are those of the shop's own clock."
    columns = {name: {"name": name, "description": text} for name in ("day", "sent_day")}
    found = session(a={"columns": columns})
    assert (found.kept, found.set_aside) == (1, (("repeated", 1),))
    assert [ref.target for ref in found.stated[0].references] == ["model.shop.a.day", "model.shop.a.sent_day"]


def test_a_decision_in_meta_is_structured() -> None:
    meta = {"decision": {"what": "We keep cancelled orders.", "why": "Finance asked for them in the audit."}}
    (found,) = extract(session(a={"meta": meta})).candidates
    assert said(found) == [
        ("choice", "We keep cancelled orders."),
        ("rationale", "Finance asked for them in the audit."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Decision: TBD",
        "Decision date of the loan application.",
        "Whether the customer decided to receive mail.",
        "Use this table instead of `orders`, because that one is old.",
        "Consumers should join on order_fk rather than order_id, since order_id is not unique.",
        "More than one row because a store may close twice.",
        "This is deprecated in favor of `key`.",
        "The user deliberately left the page.",
        "Should we drop this instead of hiding it, because nobody reads it?",
        "One row per conversation rather than a single turn.",
    ],
)
def test_what_only_describes_or_instructs_decides_nothing(text: str) -> None:
    assert extract(session(a={"description": text})).candidates == ()


@pytest.mark.parametrize(
    "text",
    [
        "We chose to keep the nulls.",
        "Nulls were intentionally kept, so that the count of rows is that of the source.",
        "Kept as text rather than as a number because leading zeros count.",
        "Source decision: the web shop's table, not the till's.",
        "It was decided to round after the sum.",
    ],
)
def test_the_four_shapes_of_a_deciding_sentence(text: str) -> None:
    assert decides(text)
    assert len(extract(session(a={"description": f"Orders. {text}"})).candidates) == 1


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"owner": "@ana", "pii": True, "url": "https://a.example/b c"}, []),
        ({"owner_note": "Ask Ana first."}, [("owner note", "Ask Ana first.")]),
        ({"sla": "Rows are here by nine each morning."}, [("sla", "Rows are here by nine each morning.")]),
        ({"sla": "by nine"}, []),
        ({"a": {"b": [{"why": "It was too slow before."}]}}, [("why", "It was too slow before.")]),
        ({"decisions": ["We keep all rows.", "We drop no column."]},
         [("decision", "We keep all rows."), ("decision", "We drop no column.")]),
        ({"labels": "a b c d e f"}, []),
        ({"hook": "{{ run this macro and then that one }}"}, []),
    ],
)  # fmt: skip
def test_meta_speaks_only_in_sentences_or_under_telling_keys(meta: dict[str, object], expected: object) -> None:
    assert list(worded(meta)) == expected


def test_a_manifest_is_recognised_and_read_like_any_file() -> None:
    source = file_source(SAMPLE / "manifest.json", Declared())
    assert reader_for(source) is READER
    reading = read(source, READER)
    assert reading.read == reading.kept + dict(reading.set_aside)["repeated"]
    assert READER.gathers(frozenset({"manifest.json", "catalog.json", "x"})) == {"manifest.json", "catalog.json"}
    assert READER.gathers(frozenset({"catalog.json"})) == frozenset()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
ENTRY = st.dictionaries(
    st.sampled_from(
        "unique_id description meta columns config source_name source_description package_name name".split()
    ),
    JSON
    | st.just("shop")
    | st.dictionaries(st.sampled_from("ab"), st.fixed_dictionaries({"description": st.text(max_size=3)})),
)


@given(
    st.dictionaries(
        st.sampled_from("nodes sources macros exposures groups disabled".split()),
        JSON | st.dictionaries(st.text(max_size=6), ENTRY | JSON, max_size=4),
    )
)
def test_units_add_up_whatever_stands_in_a_manifest(document: dict[str, object]) -> None:
    source = stdin_source(json.dumps({"metadata": METADATA, **document}).encode(), Declared())
    assert READER.accepts(source)
    try:
        read(source, READER)  # raises when read is not kept + set aside + rejected
    except SourceError as error:
        raise AssertionError(str(error)) from error
