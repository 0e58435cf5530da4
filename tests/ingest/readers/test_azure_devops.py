"""Azure DevOps threads: statuses as verdicts, both forms of enumerations, deleted and system comments."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from ingest.pipeline import Reading
from ingest.pipeline import read as read_source
from ingest.readers.azure_devops import READER, accepts, gathers
from ingest.records import Session, Source
from ingest.sources import Declared, stdin_source

GUID = "3c0f6b1e-2d4a-4f58-9a77-6b1c0d9e8f20"
API = f"https://dev.azure.com/lumen/_apis/git/repositories/{GUID}/pullRequests/34"

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


def comment(number: int, name: str, text: str, **more: object) -> Json:
    own = {"id": number, "parentCommentId": 0 if number == 1 else 1, "author": {"displayName": name}, "content": text}
    return {**own, "commentType": "text", "publishedDate": f"2026-03-12T09:{number:02d}:00.11Z", **more}


def thread(*comments: object, status: object = "active", **more: object) -> Json:
    place = {
        "filePath": "/src/a.py",
        "rightFileStart": {"line": 3, "offset": 1},
        "rightFileEnd": {"line": 5, "offset": 9},
    }
    own = {"id": 502, "threadContext": place, "publishedDate": "2026-03-12T09:01:00Z", "status": status}
    return {**own, "comments": list(comments), "_links": {"self": {"href": f"{API}/threads/502"}}, **more}


def page(*threads: object) -> Json:
    return {"value": list(threads), "count": len(threads)}


def request(**more: object) -> Json:
    repository = {"id": GUID.upper(), "name": "loader", "webUrl": "https://dev.azure.com/lumen/data/_git/loader"}
    own = {
        "pullRequestId": 34,
        "title": "Seeds",
        "description": "The body.",
        "createdBy": {"displayName": "Priya Nair"},
    }
    return {**own, "repository": repository, "status": "active", "sourceRefName": "refs/heads/seeds", **more}


ASKED = comment(1, "Tomás Rey", "This file should live in the mart's folder.")
ANSWER = comment(2, "Priya Nair", "It stays because the loader reads it first.")


@pytest.mark.parametrize(
    ("status", "became"),
    [
        ("wontFix", "declined"),
        ("byDesign", "declined"),
        ("fixed", "accepted"),
        (2, "accepted"),
        (3, "declined"),
        (5, "declined"),
    ],
)
def test_a_status_is_a_verdict_on_what_was_asked_for(status: object, became: str) -> None:
    (found,) = session(page(thread(ASKED, ANSWER, status=status))).stated
    assert (found.status, found.parts[0].spans[0].quote) == (became, "This file should live in the mart's folder.")
    assert next((one.target_kind, one.target) for one in found.references) == ("lines", "src/a.py:3-5")


@pytest.mark.parametrize("status", ["closed", "active", "pending", "unknown", None, 99, -1, True])
def test_any_other_status_decides_nothing(status: object) -> None:
    assert session(page(thread(ASKED, ANSWER, status=status))).stated == ()


def test_a_refusal_keeps_its_reason_and_who_refused() -> None:
    (found,) = session(page(thread(ASKED, ANSWER, status="wontFix"))).stated
    assert [part.spans[0].quote for part in found.parts if part.kind == "rationale"] == ["the loader reads it first."]
    assert [(one.name, one.role) for one in found.people] == [("Tomás Rey", "proposed"), ("Priya Nair", "objected")]


def test_a_verdict_on_a_question_states_nothing() -> None:
    assert session(page(thread(comment(1, "Tomás Rey", "Why here?"), ANSWER, status="fixed"))).stated == ()


def test_system_comments_are_events_and_deleted_ones_are_set_aside() -> None:
    voted = comment(1, "Mara", "Mara voted 10", commentType="system")
    pushed = comment(3, "Mara", "pushed", commentType=2)
    gone = comment(4, "Mara", "", isDeleted=True)
    told = session(page(thread(voted, pushed, gone, ANSWER), thread(comment(7, "x", "Old."), isDeleted=True, id=503)))
    assert dict(told.set_aside) == {"event": 2, "deleted": 2}
    assert [u.text for u in told.utterances] == [ANSWER["content"]]


def test_the_pull_request_names_the_repository_of_its_threads() -> None:
    told = session(request(), page(thread(ASKED)))
    assert (told.native_id, told.branch) == ("dev.azure.com/lumen/data/loader!34", "seeds")
    assert session(page(thread(ASKED))).native_id == f"dev.azure.com/lumen/{GUID}!34"


@pytest.mark.parametrize(
    ("status", "became"), [("completed", "accepted"), ("abandoned", "declined"), (3, "accepted"), (1, "proposed")]
)
def test_what_became_of_the_pull_request_is_the_status_of_its_description(status: object, became: str) -> None:
    told = session(request(status=status, description="**Decision:** use seeds.", lastMergeCommit={"commitId": "abc1"}))
    assert [one.status for one in told.stated] == [became]
    targets = [one.target for one in told.stated[0].references if one.target_kind == "commit"]
    assert targets == (["abc1"] if became == "accepted" else [])


def test_a_thread_on_the_old_side_governs_the_file_alone() -> None:
    place = {"filePath": "/src/a.py", "leftFileStart": {"line": 9}, "leftFileEnd": {"line": 9}, "rightFileStart": None}
    told = session(page(thread(ASKED, status="fixed", threadContext=place)))
    assert told.utterances[0].topic == "src/a.py:9"
    assert next((one.target_kind, one.target) for one in told.stated[0].references) == ("file", "src/a.py")


def test_an_address_with_names_needs_no_id() -> None:
    links = {"self": {"href": API.replace("lumen/", "lumen/data/").replace(GUID, "loader")}}
    assert session(page(thread(ASKED, _links=links))).native_id == "dev.azure.com/lumen/data/loader!34"


def test_services_speak_as_assistant_and_the_format_is_said_to_be_unconfirmed() -> None:
    told = session(page(thread(comment(1, "Data Build Service (lumen)", "Coverage 80%."), threadContext=None)))
    assert (told.utterances[0].role, told.utterances[0].topic) == ("assistant", "comment")
    assert told.notes[0] == "unconfirmed format: Azure DevOps"


def test_what_is_no_object_is_refused_with_its_place() -> None:
    found = reading(page(thread(3, ASKED), "x"))
    assert sorted(item.where for item in found.rejected) == ["/value/0/comments/0", "/value/1"]


def test_files_are_gathered_and_other_json_is_not_taken() -> None:
    names = frozenset({"threads.json", "pullrequest.json", "x.json"})
    assert gathers(names) == {"threads.json", "pullrequest.json"}
    assert gathers(frozenset({"threads.json", "commits.json"})) == frozenset()
    assert accepts(source({"value": [{"comments": [{"text": "x"}]}]})) == 0
