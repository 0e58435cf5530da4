"""Decisions of review threads beyond what GitHub's records show: verdicts, applied suggestions, other names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.discussions import talk, thread_roots
from ingest.records import Candidate
from ingest.review_items import Item, Lines, Thread
from ingest.review_replies import wants
from ingest.review_threads import from_discussions

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
OPEN = Thread("t", is_resolved=False, is_outdated=None, resolved_by=None)


def item(number: int, author: str, body: str, **more: object) -> Item:
    made = Item(
        kind="line_comment",
        place=f"/{number}",
        fields={},
        pull=None,
        body=body,
        author=author,
        is_bot=False,
        at=START + timedelta(minutes=number),
        ids=frozenset({f"{number}"}),
        native_id=f"{number}",
        root_id="1",
        lines=Lines("a.py", None, 4),
    )
    return replace(made, **more)  # type: ignore[arg-type]  # tests name fields


def stated(*group: Item) -> list[Candidate]:
    return list(from_discussions(talk(group), group, is_declined=False, extractor="x/1"))


def quotes(found: Candidate, kind: str) -> list[str]:
    return [part.spans[0].quote for part in found.parts if part.kind == kind]


@pytest.mark.parametrize(("verdict", "status"), [("followed", "accepted"), ("refused", "declined")])
def test_a_verdict_is_what_became_of_the_request(verdict: str, status: str) -> None:
    thread = replace(OPEN, verdict=verdict)
    root = item(1, "mara", "The limit should be 50.", thread=thread)
    (found,) = stated(root, item(2, "tomas", "It stays at 20 because the page is slow otherwise.", thread=thread))
    assert (found.status, quotes(found, "choice")) == (status, ["The limit should be 50."])
    assert next((one.name, one.role) for one in found.people) == ("mara", "proposed")


def test_a_refusal_keeps_the_reason_that_was_given_and_who_gave_it() -> None:
    thread = replace(OPEN, verdict="refused")
    root = item(1, "mara", "Please raise the limit to 50.", thread=thread)
    (found,) = stated(root, item(2, "tomas", "It stays at 20 because the page is slow otherwise.", thread=thread))
    assert quotes(found, "rationale") == ["the page is slow otherwise."]
    assert [(one.name, one.role) for one in found.people] == [("mara", "proposed"), ("tomas", "objected")]


@pytest.mark.parametrize("said", ["Why is the limit 20?", "Typo", "Should we raise the limit?", "This looks odd."])
def test_a_verdict_on_words_that_want_nothing_states_nothing(said: str) -> None:
    assert stated(item(1, "mara", said, thread=replace(OPEN, verdict="followed"))) == []


def test_an_applied_suggestion_is_accepted_whatever_the_thread_says() -> None:
    body = "Slow.\n```suggestion:-0+1\nlimit = 50\n```"
    (found,) = stated(item(1, "mara", body, is_applied=True, thread=OPEN))
    assert (found.status, found.subject, quotes(found, "choice")) == ("accepted", "a.py:4", ["limit = 50"])


def test_which_of_two_suggestions_in_one_comment_was_applied_is_not_guessed() -> None:
    body = "```suggestion\nlimit = 50\n```\nor\n```suggestion\nlimit = 60\n```"
    assert stated(item(1, "mara", body, is_applied=True, thread=OPEN)) == []


def test_earlier_words_of_an_edited_comment_are_no_evidence() -> None:
    thread = replace(OPEN, verdict="followed")
    was = item(1, "mara", "Please drop the limit.", thread=thread, is_earlier=True, ids=frozenset({"was"}))
    now = item(1, "mara", "Please raise the limit to 50.", thread=thread)
    assert [quotes(found, "choice") for found in stated(now, was)] == [["Please raise the limit to 50."]]
    assert [u.topic for u in talk([now, was]).utterances] == ["a.py:4", "a.py:4 (before an edit)"]


def test_replies_find_the_first_comment_of_their_thread_even_in_a_circle() -> None:
    chain = [item(n, "mara", "x", root_id=str(n - 1) if n > 1 else None) for n in (3, 1, 2)]
    assert thread_roots(chain) == {"1": "1", "2": "1", "3": "1"}
    circle = [item(1, "mara", "x", root_id="2"), item(2, "mara", "y", root_id="1")]
    assert len(set(thread_roots(circle).values())) == 1


@pytest.mark.parametrize(
    ("said", "is_wanted"),
    [
        ("This should be capped.", True),
        ("We need to rename it.", True),
        ("It must not retry.", True),
        ("Should this be capped?", False),
        ("This is capped.", False),
        ("I should", False),
    ],
)
def test_what_should_be_is_told_from_what_is(said: str, is_wanted: bool) -> None:
    assert wants(said) is is_wanted
