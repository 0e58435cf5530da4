"""Bitbucket: Cloud comments and activity, Server activities with nested replies, resolution, places, identity."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from ingest.pipeline import Reading
from ingest.pipeline import read as read_source
from ingest.readers.bitbucket import READER, accepts, gathers
from ingest.records import Session, Source
from ingest.sources import Declared, stdin_source

WEB = "https://bitbucket.org/lumen/docs/pull-requests/9"
SERVER = "https://git.example.com/context/projects/SHOP/repos/docs/pull-requests/9"

Json = Mapping[str, object]


def source(*documents: object) -> Source:
    return stdin_source("\n".join(map(json.dumps, documents)).encode(), Declared(stdin_name="dump"))


def reading(*documents: object) -> Reading:
    return read_source(source(*documents), READER)  # raises when the counts do not add up


def session(*documents: object) -> Session:
    found = reading(*documents)
    assert found.rejected == ()
    assert len(found.sessions) == 1
    return found.sessions[0]


def cloud(number: int, name: str, text: str, **more: object) -> Json:
    own = {"id": number, "content": {"raw": text}, "user": {"display_name": name}, "deleted": False}
    links = {"html": {"href": f"{WEB}/_/diff#comment-{number}"}}
    return {**own, "created_on": f"2026-03-16T09:{number:02d}:00.120000+00:00", "links": links, **more}


def page(*values: object) -> Json:
    return {"values": list(values), "pagelen": 10}


def server(number: int, name: str, text: str, *replies: object, **more: object) -> Json:
    own = {"id": number, "version": 0, "text": text, "author": {"name": name.lower(), "displayName": name}}
    return {**own, "createdDate": 1773651600000 + number * 1000, "comments": list(replies), **more}


def activity(comment: object, **anchor: object) -> Json:
    place = {"path": "a.md", "line": 4, "lineType": "ADDED", "fileType": "TO", **anchor}
    own = {
        "id": 1,
        "createdDate": 1773651600000,
        "user": {"name": "x"},
        "action": "COMMENTED",
        "commentAction": "ADDED",
    }
    return {**own, "comment": comment, "commentAnchor": place}


def server_pull(**more: object) -> Json:
    target = {"slug": "docs", "project": {"key": "SHOP"}}
    own = {"id": 9, "title": "Page", "description": "The body.", "state": "OPEN", "createdDate": 1773651000000}
    refs = {
        "fromRef": {"displayId": "page", "repository": target},
        "toRef": {"displayId": "main", "repository": target},
    }
    return {
        **own,
        **refs,
        "author": {"user": {"displayName": "Aiko Tan"}},
        "links": {"self": [{"href": SERVER}]},
        **more,
    }


def test_cloud_comments_are_threads_by_their_parents_on_the_lines_of_the_first() -> None:
    inline = {"path": "a.md", "from": None, "to": 12, "start_to": 10}
    told = session(
        page(
            cloud(3, "Mara", "And now?", parent={"id": 2}),
            cloud(1, "Priya", "Hm.", inline=inline),
            cloud(2, "Aiko", "Yes.", parent={"id": 1}),
        )
    )
    assert told.native_id == "bitbucket.org/lumen/docs#9"
    assert [(u.topic, u.text, u.parent_id) for u in told.utterances] == [
        ("a.md:10-12", "Hm.", None),
        ("a.md:10-12", "Yes.", "comment-1"),
        ("a.md:10-12", "And now?", "comment-1"),
    ]


def test_deleted_and_pending_comments_are_set_aside() -> None:
    told = session(
        page(cloud(1, "Mara", "Old.", deleted=True), cloud(2, "Mara", "Draft.", pending=True), cloud(3, "Mara", "Hm."))
    )
    assert dict(told.set_aside) == {"deleted": 1, "unsubmitted": 1}


def test_cloud_activity_holds_comments_and_events() -> None:
    held = {"comment": cloud(1, "Mara", "Hm."), "pull_request": {"id": 9}}
    told = session(page({"update": {"state": "MERGED", "date": "2026-03-17T09:00:00+00:00"}}, {"approval": {}}, held))
    assert dict(told.set_aside) == {"event": 2}
    assert [u.locator for u in told.utterances] == ["/values/2/comment"]


def test_server_activities_join_their_pull_request_and_replies_count_for_themselves() -> None:
    said = server(
        1,
        "Ben",
        "Please cap the list.",
        server(2, "Aiko Tan", "Done.", server(3, "Ben", "Thanks.")),
        threadResolved=True,
    )
    told = session(server_pull(state="MERGED"), page(activity(said, orphaned=True)))
    assert (told.native_id, told.branch) == ("git.example.com/SHOP/docs#9", "page")
    assert [u.parent_id for u in told.utterances] == [None, None, None, "comment-1", "comment-1"]
    (found,) = told.stated
    assert (found.status, found.parts[0].spans[0].quote) == ("accepted", "Please cap the list.")
    assert session(server_pull(), page(activity(said, orphaned=False))).stated == ()


def test_a_reply_that_has_an_activity_of_its_own_stays_in_its_thread() -> None:
    reply = server(2, "Aiko Tan", "Yes.")
    order = [activity(reply), activity(server(1, "Ben", "Hm.", reply))]
    for activities in (order, order[::-1]):
        told = session(page(*activities))
        assert [(u.text, u.parent_id) for u in told.utterances] == [("Hm.", None), ("Yes.", "comment-1")]


def test_a_comment_that_an_activity_deletes_is_set_aside_wherever_it_stands() -> None:
    gone = {**activity(server(1, "Ben", "Old.")), "commentAction": "DELETED"}
    assert dict(session(page(activity(server(1, "Ben", "Old.")), gone)).set_aside) == {"deleted": 2}


def test_a_refused_request_on_unchanged_lines_is_declined_with_its_reason() -> None:
    said = server(
        1,
        "Ben",
        "Please cap the list.",
        server(2, "Aiko Tan", "I'd rather keep it because people search it."),
        threadResolved=True,
    )
    (found,) = session(server_pull(), page(activity(said, orphaned=False))).stated
    assert found.status == "declined"
    assert [part.spans[0].quote for part in found.parts if part.kind == "rationale"] == ["people search it."]


@pytest.mark.parametrize(("state", "status"), [("MERGED", "accepted"), ("DECLINED", "declined"), ("OPEN", "proposed")])
def test_what_became_of_the_pull_request_is_the_status_of_its_description(state: str, status: str) -> None:
    told = session(
        server_pull(state=state, description="## Decision\nOne page.", properties={"mergeCommit": {"id": "fee1"}})
    )
    assert [one.status for one in told.stated] == [status]
    targets = [one.target for one in told.stated[0].references if one.target_kind == "commit"]
    assert targets == (["fee1"] if status == "accepted" else [])


def test_replies_nested_as_deep_as_json_allows_are_read() -> None:
    nested = server(0, "Ben", "Deep.")
    for number in range(1, 150):
        nested = server(number, "Ben", "Hm.", nested)
    assert len(session(page(activity(nested))).utterances) == 150


def test_apps_speak_as_assistant_and_the_format_is_said_to_be_unconfirmed() -> None:
    told = session(
        page(
            cloud(1, "Coverage", "80%", user={"display_name": "Coverage", "type": "app_user"}),
            cloud(2, "Abbot", "Fine."),
        )
    )
    assert [u.role for u in told.utterances] == ["assistant", "person"]
    assert told.notes == ("unconfirmed format: Bitbucket",)


def test_what_is_no_object_is_refused_with_its_place() -> None:
    found = reading(page(activity(server(1, "Ben", "Hm.", 3)), "x"))
    assert sorted(item.where for item in found.rejected) == ["/values/0/comment/comments/0", "/values/1"]


def test_times_out_of_range_are_no_times() -> None:
    told = session(page(activity({**server(1, "Ben", "Hm."), "createdDate": 10**40})))
    assert told.utterances[0].said_at is None


def test_files_are_gathered_and_other_json_is_not_taken() -> None:
    assert gathers(frozenset({"activities.json", "pull-request.json"})) == {"activities.json", "pull-request.json"}
    assert gathers(frozenset({"comments.json", "commits.json"})) == frozenset()
    assert accepts(source({"values": [{"text": "x", "author": "y"}]})) == 0
