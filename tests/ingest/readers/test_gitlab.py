"""GitLab's responses: discussions as threads, system notes as events, suggestions, issues, and notes alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from ingest.pipeline import Reading, sources_in
from ingest.pipeline import read as read_source
from ingest.readers.gitlab import READER, accepts, gathers
from ingest.records import Session, Source
from ingest.registry import reader_for
from ingest.sources import Declared, stdin_source

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "samples" / "pr-gitlab"
WEB = "https://gitlab.example.com/lumen/data/load/-/merge_requests/18"

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


def request(**more: object) -> Json:
    own = {"id": 900, "iid": 18, "title": "Count rows", "description": "The body.", "web_url": WEB, "project_id": 3}
    branches = {"source_branch": "count", "target_branch": "main", "sha": "bbb"}
    return {**own, **branches, "state": "opened", "author": {"username": "tomas", "name": "Tomás Rey"}, **more}


def note(number: int, login: str, body: str, **more: object) -> Json:
    own = {"id": number, "author": {"username": login, "name": login.title()}, "body": body, "system": False}
    return {
        **own,
        "noteable_type": "MergeRequest",
        "noteable_iid": 18,
        "created_at": f"2026-03-02T10:{number:02d}:00Z",
        **more,
    }


def on_line(resolved: bool | None = None, head: str = "aaa", **more: object) -> Json:
    position = {"head_sha": head, "old_path": "a.py", "new_path": "a.py", "old_line": None, "new_line": 41, **more}
    said = {} if resolved is None else {"resolvable": True, "resolved": resolved, "resolved_by": {"username": "mara"}}
    return {"type": "DiffNote", "position": position, **said}


def discussion(*notes: object, alone: bool = False) -> Json:
    return {"id": "d1", "individual_note": alone, "notes": list(notes)}


def test_a_merge_request_and_its_discussions_are_one_session() -> None:
    told = session(request(), [discussion(note(1, "mara", "Nice."), alone=True)])
    assert (told.native_id, told.project) == ("gitlab.example.com/lumen/data/load!18", "lumen/data/load")
    assert (told.branch, told.title) == ("count", "Count rows")
    assert [(u.topic, u.speaker, u.native_id) for u in told.utterances][1:] == [
        ("description", "tomas", "merge_request-900"),
        ("comment", "mara", "note_1"),
    ]


def test_a_discussion_on_lines_is_a_thread_on_the_side_it_was_written_on() -> None:
    lines = {"start": {"new_line": 39}, "end": {"new_line": 41}}
    told = session([discussion(note(1, "mara", "Hm.", **on_line(line_range=lines)), note(2, "tomas", "Yes."))])
    assert [(u.topic, u.parent_id) for u in told.utterances] == [("a.py:39-41", None), ("a.py:39-41", "note_1")]
    removed = session([discussion(note(1, "mara", "Hm.", **on_line(old_line=7, new_line=None, old_path="b.py")))])
    assert removed.utterances[0].topic == "b.py:7"


def test_system_notes_are_events_and_tell_that_lines_changed_since() -> None:
    asked, done = note(1, "mara", "Please drop the `log`.", **on_line(True)), note(2, "tomas", "Done.", **on_line(True))
    changed = note(3, "tomas", "changed this line in [version 2 of the diff](/x)", system=True)
    told = session(request(), [discussion(asked, done, changed)])
    assert dict(told.set_aside) == {"event": 1}
    assert [(one.status, one.parts[0].spans[0].quote) for one in told.stated] == [
        ("accepted", "Please drop the `log`.")
    ]
    assert session(request(), [discussion(asked, done)]).stated == ()


def test_a_resolved_thread_on_the_newest_commit_where_the_author_keeps_the_lines_is_declined() -> None:
    asked = note(1, "mara", "Please drop the `log`.", **on_line(True, head="bbb"))
    kept = note(2, "tomas", "I'd rather keep it because support reads it.", **on_line(True, head="bbb"))
    (found,) = session(request(), [discussion(asked, kept)]).stated
    assert found.status == "declined"
    assert [part.spans[0].quote for part in found.parts if part.kind == "rationale"] == ["support reads it."]


def test_a_suggestion_is_applied_where_the_record_says_so() -> None:
    body = "Lost in a week.\n```suggestion:-0+0\n    gauge(dropped)\n```"
    applied = note(1, "mara", body, suggestions=[{"applied": True}], **on_line(True))
    (found,) = session(request(), [discussion(applied)]).stated
    assert (found.status, found.parts[0].spans[0].quote, found.subject) == ("accepted", "gauge(dropped)", "a.py:41")
    assert session(request(), [discussion({**applied, "suggestions": [{"applied": False}]})]).stated == ()


def test_a_commit_that_applies_a_suggestion_names_its_writer_by_full_name() -> None:
    suggested = note(1, "mara", "```suggestion:-0+0\n    gauge(dropped)\n```", **on_line(True))
    changed = note(3, "tomas", "changed this line in [version 2 of the diff](/x)", system=True)
    message = "Apply 1 suggestion(s) to 1 file(s)\n\nCo-authored-by: Mara <m@example.com>"
    commit = {"id": "c0ffee0", "short_id": "c0ffee0", "message": message, "author_name": "Tomás Rey"}
    made = {**commit, "committed_date": "2026-03-02T12:00:00Z"}
    (found,) = session(request(), [discussion(suggested, changed)], [made]).stated
    assert ("implements", "c0ffee0") in [(one.relation, one.target) for one in found.references]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"state": "merged", "merged_at": "2026-03-03T08:00:00Z", "merge_commit_sha": "fee1"}, "accepted"),
        ({"state": "closed", "closed_at": "2026-03-03T08:00:00Z"}, "declined"),
        ({"state": "opened"}, "proposed"),
    ],
)
def test_what_became_of_the_merge_request_is_the_status_of_its_description(more: Json, status: str) -> None:
    told = session(request(description="## Decision\nCount them.\n## Why\nA jump must be seen.", **more))
    (found,) = told.stated
    assert found.status == status
    commits = [one.target for one in found.references if one.target_kind == "commit"]
    assert commits == (["fee1"] if status == "accepted" else [])


def test_an_issue_and_its_notes_are_a_session_that_says_it_is_an_issue() -> None:
    web = "https://gitlab.example.com/lumen/data/load/-/issues/5"
    issue = {"id": 1, "iid": 5, "title": "Zero", "description": "Store 12.", "web_url": web, "state": "closed"}
    told = session(issue, [note(1, "mara", "It is closed.", noteable_type="Issue", noteable_iid=5)])
    assert (told.native_id, told.notes) == (
        "gitlab.example.com/lumen/data/load#5",
        ("an issue's conversation, not a pull request's",),
    )
    assert len(told.utterances) == 3


def test_notes_of_two_requests_without_a_project_are_two_sessions_known_by_content() -> None:
    found = reading([note(1, "mara", "One."), note(2, "mara", "Two.", noteable_iid=19)]).sessions
    assert [(one.identity, [u.text for u in one.utterances]) for one in found] == [
        ("content", ["One."]),
        ("content", ["Two."]),
    ]


def test_the_same_note_in_two_dumps_is_told_once_in_its_thread() -> None:
    one, two = note(1, "mara", "Hm.", **on_line(False)), note(2, "tomas", "Yes.", **on_line(False))
    told = session([one, two], [discussion(one, two)])
    assert dict(told.set_aside) == {"duplicate": 2}
    assert [u.parent_id for u in told.utterances] == [None, "note_1"]


def test_draft_notes_versions_and_unknown_objects_are_set_aside_by_name() -> None:
    draft = {"id": 1, "note": "Draft.", "merge_request_id": 2, "resolve_discussion": False}
    version = {"id": 1, "base_commit_sha": "a", "head_commit_sha": "b", "start_commit_sha": "a"}
    told = session([draft, version, {"x": 1}])
    assert dict(told.set_aside) == {"unsubmitted": 1, "event": 1, "unknown_record": 1}


def test_a_bot_speaks_as_assistant() -> None:
    told = session([note(1, "project_3_bot_9f", "Coverage 82%."), note(2, "abbott", "Fine.")])
    assert [u.role for u in told.utterances] == ["assistant", "person"]


def test_what_is_no_object_is_refused_with_its_place() -> None:
    found = reading([discussion(3, note(1, "mara", "Hm.")), "x"])
    assert sorted(item.where for item in found.rejected) == ["/0/notes/0", "/1"]


def test_the_documented_file_names_are_gathered_with_a_telling_one() -> None:
    assert gathers(frozenset({"mr.json", "commits.json", "x.json"})) == {"mr.json", "commits.json"}
    assert gathers(frozenset({"commits.json", "diffs.json"})) == frozenset()


def test_webhooks_and_other_json_are_not_taken() -> None:
    assert accepts(source({"object_kind": "note", "iid": 1, "title": "x", "web_url": "y"})) == 0
    assert accepts(source({"id": 1, "notes": ["a"]})) == 0


def test_real_responses_are_read_as_what_they_are() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"real responses are not at {SHARED.parent.name}/{SHARED.name}")
    found = {
        one.name: one for one in sources_in(SHARED, Declared()) if isinstance(one, Source) and one.name != "SOURCE.md"
    }
    assert {reader_for(one).name for one in found.values()} == {"gitlab"}
    (told,) = read_source(found["notes_1.json"], READER).sessions
    assert [u.text for u in told.utterances] == ["Nothing on my side to fix, moving to server."]
    assert dict(told.set_aside) == {"event": 1}
