"""GitHub webhook deliveries: records joined over deliveries, edits kept, threads resolved, events of GH Archive."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from ingest.pipeline import read as read_source
from ingest.pipeline import sources_in
from ingest.readers.github_webhook import READER, accepts, gathers
from ingest.records import Session, Source
from ingest.registry import reader_for
from ingest.sources import Declared, stdin_source

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "samples" / "pr-github-webhooks"
WEB = "https://github.com/lumen/shop/pull/7"
API = "https://api.github.com/repos/lumen/shop"

Json = Mapping[str, object]


def source(*deliveries: Json, listed: bool = False) -> Source:
    text = json.dumps(deliveries) if listed else "\n".join(json.dumps(one) for one in deliveries)
    return stdin_source(text.encode(), Declared(stdin_name="deliveries"))


def sessions(given: Source) -> list[Session]:
    reading = read_source(given, READER)  # raises when the counts do not add up
    assert reading.rejected == ()
    return list(reading.sessions)


def pull(at: str = "2026-03-02T09:00:00Z", **more: object) -> Json:
    own = {"id": 1, "number": 7, "html_url": WEB, "url": f"{API}/pulls/7", "title": "Cap retries", "body": "Three."}
    return {
        **own,
        "state": "open",
        "user": {"login": "mara"},
        "created_at": "2026-03-02T09:00:00Z",
        "updated_at": at,
        **more,
    }


def delivery(action: str, **more: object) -> Json:
    repository = {"full_name": "lumen/shop", "html_url": "https://github.com/lumen/shop"}
    return {"action": action, "repository": repository, "sender": {"login": "tomas"}, **more}


def line(number: int, login: str, body: str, **more: object) -> Json:
    at = f"2026-03-02T10:{number:02d}:00Z"
    place = {"path": "a.py", "line": None, "original_line": 4, "diff_hunk": "@@ -1 +1 @@\n+x"}
    own = {"id": number, "html_url": f"{WEB}#discussion_r{number}", "user": {"login": login}, "body": body}
    return {**own, **place, "created_at": at, "updated_at": at, **more}


def test_deliveries_about_one_pull_request_are_one_session_with_each_record_once() -> None:
    review = {
        "id": 5,
        "state": "approved",
        "body": "Good.",
        "user": {"login": "tomas"},
        "submitted_at": "2026-03-02T11:00:00Z",
    }
    (told,) = sessions(
        source(
            delivery("opened", pull_request=pull()),
            delivery("submitted", review=review, pull_request=pull("2026-03-02T11:00:00Z")),
        )
    )
    assert (told.native_id, told.project, told.kind) == ("github.com/lumen/shop#7", "lumen/shop", "pull_request")
    assert [(u.topic, u.text) for u in told.utterances] == [
        ("title", "Cap retries"),
        ("description", "Three."),
        ("review APPROVED", "Good."),
    ]
    assert dict(told.set_aside) == {"event": 2, "duplicate": 1}


def test_the_last_text_of_an_edited_description_holds_and_the_old_one_is_kept() -> None:
    body = "## Decision\nThree attempts."
    edited = delivery(
        "edited", pull_request=pull("2026-03-02T12:00:00Z", body=body), changes={"body": {"from": "## Decision\nFive."}}
    )
    merged = delivery(
        "closed", pull_request=pull("2026-03-02T13:00:00Z", body=body, merged=True, merged_at="2026-03-02T13:00:00Z")
    )
    (told,) = sessions(source(edited, merged))
    assert [u.topic for u in told.utterances] == ["title", "description", "description (before an edit)"]
    assert [(one.status, one.parts[0].spans[0].quote) for one in told.stated] == [("accepted", "Three attempts.")]


def test_an_edited_title_is_kept_without_repeating_the_words() -> None:
    edited = delivery("edited", pull_request=pull(), changes={"title": {"from": "Retry less"}})
    (told,) = sessions(source(edited))
    assert [(u.topic, u.text) for u in told.utterances][2:] == [("title (before an edit)", "Retry less")]


def test_a_resolved_thread_says_who_resolved_it_and_the_last_delivery_wins() -> None:
    root, reply = line(1, "tomas", "Please rename `x`."), line(2, "mara", "Done.", in_reply_to_id=1)
    thread = {"node_id": "T1", "comments": [root, reply]}
    resolved = delivery("resolved", thread=thread, pull_request=pull(), updated_at="2026-03-02T12:00:00Z")
    reopened = delivery("unresolved", thread=thread, pull_request=pull(), updated_at="2026-03-02T13:00:00Z")
    (told,) = sessions(source(resolved))
    assert [(one.status, one.parts[0].spans[0].quote) for one in told.stated] == [("accepted", "Please rename `x`.")]
    assert next((f.relation, f.target) for f in told.stated[0].references) == ("governs", "a.py:4")
    assert sessions(source(reopened, resolved))[0].stated == ()


def test_a_deleted_comment_is_set_aside_with_all_its_versions() -> None:
    comment = {"id": 3, "html_url": f"{WEB}#issuecomment-3", "user": {"login": "mara"}, "body": "Never mind me."}
    issue = {**pull(), "pull_request": {}}
    (told,) = sessions(
        source(delivery("created", issue=issue, comment=comment), delivery("deleted", issue=issue, comment=comment))
    )
    assert [u.topic for u in told.utterances] == ["title", "description"]
    assert dict(told.set_aside)["deleted"] == 2


def test_an_issue_and_a_discussion_say_what_they_are() -> None:
    issue = {
        "id": 9,
        "number": 9,
        "html_url": "https://github.com/lumen/shop/issues/9",
        "title": "Zero",
        "body": "Store 12.",
        "state": "closed",
    }
    (told,) = sessions(source(delivery("closed", issue=issue)))
    assert (told.native_id, told.notes) == (
        "github.com/lumen/shop#9",
        ("an issue's conversation, not a pull request's",),
    )
    talked = {**issue, "number": 4, "html_url": "https://github.com/lumen/shop/discussions/4"}
    answer = {
        "id": 6,
        "html_url": "https://github.com/lumen/shop/discussions/4#discussioncomment-6",
        "body": "Ninety days.",
        "user": {"login": "a"},
    }
    (told,) = sessions(source(delivery("answered", discussion=talked, answer=answer)))
    assert told.native_id == "github.com/lumen/shop#4"
    assert [u.native_id for u in told.utterances][-1] == "discussioncomment-6"


def test_a_list_of_deliveries_and_kept_deliveries_read_alike() -> None:
    one = delivery("opened", pull_request=pull())
    kept = {"guid": "g", "delivered_at": "2026-03-02T09:00:01Z", "request": {"headers": {}, "payload": one}}
    texts = [
        [u.text for u in sessions(given)[0].utterances]
        for given in (source(one), source(one, listed=True), source(kept))
    ]
    assert texts == [["Cap retries", "Three."]] * 3
    assert accepts(source(kept)) > 0


def test_events_of_the_archive_are_read_and_say_that_the_format_is_unconfirmed() -> None:
    event = {
        "id": "1",
        "type": "PullRequestReviewCommentEvent",
        "actor": {"login": "tomas"},
        "repo": {"name": "lumen/shop"},
        "payload": {
            "action": "created",
            "comment": line(1, "tomas", "Hm."),
            "pull_request": {"number": 7, "url": f"{API}/pulls/7"},
        },
        "created_at": "2026-03-02T10:00:00Z",
    }
    watch = {
        "id": "2",
        "type": "WatchEvent",
        "actor": {"login": "x"},
        "repo": {"name": "lumen/other"},
        "payload": {"action": "started"},
    }
    found = sessions(source(watch, event))
    assert reader_for(source(watch, event)) is READER
    told = next(one for one in found if one.utterances)
    assert (told.native_id, "unconfirmed format: GH Archive" in told.notes) == ("github.com/lumen/shop#7", True)


def test_a_broken_line_and_a_record_of_another_type_are_refused_alone() -> None:
    text = (
        json.dumps(delivery("opened", pull_request=pull()))
        + '\n{"action": \n'
        + json.dumps(delivery("created", comment=[1]))
    )
    reading = read_source(stdin_source(text.encode(), Declared(stdin_name="x")), READER)
    assert [item.where for item in reading.rejected] == ["#1", "#2/comment"]
    assert reading.kept == 1


def test_files_named_for_their_events_are_gathered_and_others_are_not() -> None:
    names = frozenset({"pull_request.opened.json", "01_issue_comment.created.payload.json", "comments.json", "pr.json"})
    assert gathers(names) == {"pull_request.opened.json", "01_issue_comment.created.payload.json"}
    assert gathers(frozenset({"pull_request.opened.json"})) == frozenset()


@pytest.mark.parametrize(
    "given", [{"action": "x"}, {"action": "created", "type": "Comment", "data": {}}, {"payload": {}}]
)
def test_other_json_is_not_taken(given: Json) -> None:
    assert accepts(source(given)) == 0


def test_the_recorded_deliveries_read_as_their_conversations() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"real deliveries are not at {SHARED.parent.name}/{SHARED.name}")
    (given,) = [one for one in sources_in(SHARED, Declared()) if isinstance(one, Source) and one.members]
    told = {one.native_id: one for one in sessions(given)}
    own = told["github.com/Codertocat/Hello-World#2"]
    assert own.utterances[-1].text == "Maybe you should use more emoji on this line."
    assert own.ended_at is not None
    assert own.stated == ()
