"""Jira: issues, comments and changelogs in their shapes; wiki markup and document trees as text; what is decided."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pipeline import Reading, read
from ingest.readers import jira
from ingest.readers.jira_text import body_text, wiki_text
from ingest.records import Candidate, Source
from ingest.sources import Declared, stdin_source

HOST = "https://jira.example/rest/api/2/issue"


def source(value: object) -> Source:
    return stdin_source(json.dumps(value).encode(), Declared())


def reading(value: object) -> Reading:
    assert jira.accepts(source(value)) > 0
    return read(source(value), jira.READER)


def issue(description: object = "", *, resolution: str | None = None, comments: object = (), **more: object):  # type: ignore[no-untyped-def]  # JSON
    return {
        "id": "7",
        "key": "LUM-7",
        "self": f"{HOST}/7",
        "fields": {
            "summary": "Retries",
            "description": description,
            "resolution": {"name": resolution} if resolution else None,
            "created": "2017-05-09T10:23:54.000+0000",
            "reporter": {"displayName": "Ann"},
            "comment": {"comments": comments},
        },
        **more,
    }


def comment(body: object, own: str = "1", **more: object) -> dict[str, object]:
    return {"id": own, "self": f"{HOST}/7/comment/{own}", "author": {"displayName": "Ben"}, "body": body, **more}


def stated(value: object) -> tuple[Candidate, ...]:
    return reading(value).sessions[0].stated


def test_an_issue_is_a_session_of_its_summary_description_and_comments() -> None:
    session = reading({"issues": [issue("Too many.", comments=[comment("Three.")])]}).sessions[0]
    assert (session.kind, session.native_id, session.title) == ("issue", "jira.example/LUM-7", "LUM-7 Retries")
    assert [(u.speaker, u.text) for u in session.utterances] == [
        ("Ann", "Retries"),
        ("Ann", "Too many."),
        ("Ben", "Three."),
    ]
    assert session.started_at is not None
    assert session.started_at.isoformat() == "2017-05-09T10:23:54+00:00"


def test_comments_alone_are_known_by_their_issues_number() -> None:
    page = {"comments": [comment("Three.", created="2017-05-09T10:23:54.000+0000")], "maxResults": 1, "total": 1}
    assert reading(page).sessions[0].native_id == "jira.example/issue/7"


def test_comments_beside_their_issue_in_one_dump_belong_to_it() -> None:
    data = json.dumps(issue("x")) + "\n" + json.dumps({"comments": [comment("Three.")]})
    found = read(stdin_source(data.encode(), Declared()), jira.READER)
    assert [one.native_id for one in found.sessions] == ["jira.example/LUM-7"]
    assert found.kept == 2


def test_a_decision_stands_under_its_heading_and_follows_the_resolution() -> None:
    text = "h2. Decision\nStop after three attempts, because the checkout waits ten seconds."
    for resolution, status in (("Done", "accepted"), ("Won't Fix", "declined"), (None, "proposed")):
        (found,) = stated(issue(text, resolution=resolution))
        assert (found.status, found.parts[0].spans[0].quote) == (status, "Stop after three attempts")
        assert found.references[0].target == "jira.example/LUM-7"


def test_a_resolution_alone_decides_nothing_and_is_a_note() -> None:
    history = {"created": "2017-06-01T00:00:00.000+0000", "author": {"displayName": "Cy"}}
    history["items"] = [{"field": "resolution", "toString": "Won't Fix"}]  # type: ignore[assignment]  # JSON
    found = reading(issue("Motivation: it is slow", resolution="Won't Fix", changelog={"histories": [history]}))
    assert found.sessions[0].stated == ()
    assert "2017-06-01 Cy: resolution Won't Fix" in found.sessions[0].notes
    assert found.set_aside == (("event", 1),)


def test_an_item_of_the_decision_list_in_the_editor_is_a_decision() -> None:
    item = {"type": "decisionItem", "attrs": {"state": "DECIDED"}, "content": [{"type": "text", "text": "Use DuckDB"}]}
    document = {"type": "doc", "content": [{"type": "decisionList", "content": [item]}]}
    (found,) = stated(issue("", comments=[comment(document)]))
    assert (found.status, found.parts[0].spans[0].quote) == ("accepted", "Use DuckDB")


def test_what_was_asked_for_is_no_decision_for_want_of_another() -> None:
    assert stated(issue("h2. Why\nUsers wait too long.", resolution="Done")) == ()


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("h3. Why\n# one\n## two\n* three", "### Why\n1. one\n  1. two\n- three"),
        (
            "see [the page|https://x.example] or [https://y.example], [~ann]",
            "see the page (https://x.example) or https://y.example, @ann",
        ),
        ("{code:sql}select *\n# not a list{code}", "```\nselect *\n# not a list\n```"),
        ("bq. use Kafka\nno", "> use Kafka\nno"),
        ("{quote}use\nKafka{quote}no", "> use\n> Kafka\nno"),
        ("{color:red}red{color} {{x}} !shot.png|thumbnail!", "red `x` (picture shot.png)"),
        ("{code}never closed", "{code}never closed"),
    ],
)
def test_wiki_markup_becomes_text(written: str, text: str) -> None:
    assert wiki_text(written) == text


def test_a_document_tree_becomes_text() -> None:
    def words(text: str, *marks: object) -> dict[str, object]:
        return {"type": "text", "text": text, "marks": list(marks)}

    item = {"type": "listItem", "content": [{"type": "paragraph", "content": [words("cost")]}]}
    link = {"type": "link", "attrs": {"href": "https://x.example"}}
    document = {
        "type": "doc",
        "content": [
            {"type": "heading", "attrs": {"level": 2}, "content": [words("Why")]},
            {
                "type": "paragraph",
                "content": [words("see "), words("it", link), {"type": "mention", "attrs": {"text": "@Ann"}}],
            },
            {"type": "orderedList", "content": [item, item]},
            {"type": "blockquote", "content": [{"type": "paragraph", "content": [words("use Kafka")]}]},
            {"type": "codeBlock", "content": [words("x = 1")]},
        ],
    }
    assert body_text(document) == (
        "## Why\n\nsee it (https://x.example)@Ann\n\n1. cost\n2. cost\n\n> use Kafka\n\n```\nx = 1\n```"
    )


def test_a_document_nested_too_deep_is_refused() -> None:
    node: object = {"type": "paragraph", "content": [{"type": "text", "text": "x"}]}
    for _ in range(100):
        node = {"type": "panel", "content": [node]}
    found = reading(issue({"type": "doc", "content": [node]}))
    assert [item.reason for item in found.rejected] == ["a document nested too deep"]


def test_the_list_of_fields_holds_nobodys_words() -> None:
    fields = [{"id": "summary", "name": "Summary", "navigable": True, "searchable": True, "clauseNames": ["summary"]}]
    assert reading(fields).set_aside == (("field", 1),)


def test_a_fetched_issue_in_perceval_s_envelope_is_read_with_its_comments() -> None:
    data = issue("x") | {"comments_data": [comment("Three.")]}
    assert reading({"backend_name": "Jira", "category": "issue", "origin": "o", "data": data}).kept == 2


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from("fields key id self description summary comment comments body author content type attrs".split())


@given(st.dictionaries(KEYS, VALUES | st.dictionaries(KEYS, VALUES, max_size=4), max_size=6), VALUES)
def test_any_values_in_any_place_add_up(one: dict[str, object], other: object) -> None:
    assert read(source({"issues": [one, other]}), jira.READER).read >= 2
