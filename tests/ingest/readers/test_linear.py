"""Linear: issues and webhooks, not confirmed by real files."""

import json

from ingest.pipeline import Reading, read
from ingest.readers import linear
from ingest.sources import Declared, stdin_source

ISSUE = {
    "id": "u-1",
    "identifier": "DAT-1",
    "title": "Closed stores",
    "description": "## Decision\nKeep the rows at zero, because a gap looks like late data.",
    "state": {"name": "Done", "type": "completed"},
    "team": {"key": "DAT"},
    "creator": {"name": "Ann"},
    "createdAt": "2026-03-04T08:30:00.000Z",
}


def reading(value: object) -> Reading:
    source = stdin_source(json.dumps(value).encode(), Declared())
    assert linear.accepts(source) > 0
    return read(source, linear.READER)


def test_a_completed_issue_decides_what_its_heading_says() -> None:
    session = reading({"data": {"issues": {"nodes": [ISSUE]}}}).sessions[0]
    assert (session.native_id, session.title, session.project) == ("linear/DAT-1", "DAT-1 Closed stores", "DAT")
    assert session.notes == ("unconfirmed format: Linear", "status Done")
    assert [(one.status, one.parts[0].spans[0].quote) for one in session.stated] == [
        ("accepted", "Keep the rows at zero")
    ]


def test_a_cancelled_issue_turns_it_down() -> None:
    cancelled = ISSUE | {"state": {"name": "Canceled", "type": "canceled"}}
    assert [one.status for one in reading({"data": {"issue": cancelled}}).sessions[0].stated] == ["declined"]


def test_a_webhooks_comment_belongs_to_its_issue() -> None:
    data = {"id": "c", "body": "Agreed.", "issueId": "u-1", "issue": {"identifier": "DAT-1"}, "user": {"name": "Ben"}}
    session = reading({"action": "create", "type": "Comment", "data": data}).sessions[0]
    assert (session.native_id, session.utterances[0].speaker) == ("linear/DAT-1", "Ben")


def test_a_webhook_about_something_else_is_set_aside() -> None:
    hook = {"action": "remove", "type": "Issue", "data": ISSUE}
    assert reading(hook).set_aside == (("event", 1),)
