"""Mattermost: threads by root, days for the rest."""

import json

from ingest.pipeline import read
from ingest.readers import mattermost
from ingest.sources import Declared, stdin_source

AT = 1773389520000


def post(own: str, **more: object) -> dict[str, object]:
    return {"id": own, "create_at": AT, "channel_id": "chan", "user_id": "ann", "message": own, "root_id": "", **more}


def reading(*posts: dict[str, object]):  # type: ignore[no-untyped-def]  # a Reading
    page = {"order": [one["id"] for one in posts], "posts": {str(one["id"]): one for one in posts}}
    return read(stdin_source(json.dumps(page).encode(), Declared()), mattermost.READER)


def test_an_answered_post_and_its_answers_are_one_session_and_the_rest_a_day() -> None:
    found = reading(post("answer", root_id="root", create_at=AT + 5), post("root"), post("alone"))
    assert {one.native_id: [u.text for u in one.utterances] for one in found.sessions} == {
        "mattermost:chan:root": ["root", "answer"],
        "mattermost:chan:2026-03-13": ["alone"],
    }


def test_removed_posts_and_the_servers_notices_are_set_aside() -> None:
    found = reading(post("a", delete_at=AT), post("b", type="system_join_channel"), post("c", message=" "))
    assert found.set_aside == (("deleted", 1), ("event", 1), ("no_words", 1))


def test_a_post_without_a_time_is_refused_with_its_place() -> None:
    found = reading(post("a", create_at="soon"))
    assert [(item.reason, item.where) for item in found.rejected] == [("no create_at that is a time", "/posts/a")]


def test_a_webhooks_post_is_a_programs() -> None:
    found = reading(post("a", props={"override_username": "ci"}))
    assert [(u.role, u.speaker) for u in found.sessions[0].utterances] == [("assistant", "ci")]
