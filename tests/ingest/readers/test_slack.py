"""Slack: threads and days as sessions, names for ids, mrkdwn and blocks as text, nothing twice."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pipeline import Reading, read, sources_in
from ingest.readers import slack
from ingest.readers.slack_text import message_text, mrkdwn
from ingest.records import Session, Source
from ingest.sources import Declared, stdin_source

ANN = "1773133284.402119"
BEN = "1773133301.000200"
NEXT_DAY = "1773219684.000100"


def said(ts: str, text: str = "hello", **more: object) -> dict[str, object]:
    return {"type": "message", "user": "U0AAAA1", "text": text, "ts": ts, **more}


def source(value: object) -> Source:
    return stdin_source(json.dumps(value).encode(), Declared(stdin_name="export.json"))


def reading(value: object) -> Reading:
    return read(source(value), slack.READER)


def texts(session: Session) -> list[str]:
    return [utterance.text for utterance in session.utterances]


def export(folder: Path) -> Path:
    channel = folder / "orders"
    channel.mkdir(parents=True)
    users = [
        {"id": "U0AAAA1", "name": "ann", "profile": {"real_name": "Ann Lee", "display_name": "ann"}, "deleted": False}
    ]
    (folder / "users.json").write_text(json.dumps(users))
    listed = [{"id": "C0ORDERS", "name": "orders", "created": 1, "members": ["U0AAAA1"]}]
    (folder / "channels.json").write_text(json.dumps(listed))
    first = [said(ANN, "<@U0AAAA1> asks", thread_ts=ANN), said("1773133290.000000", "aside")]
    (channel / "2026-03-10.json").write_text(json.dumps(first))
    later = [said(NEXT_DAY, "the answer", thread_ts=ANN), said("1773219700.000100", "new day")]
    (channel / "2026-03-11.json").write_text(json.dumps(later))
    return folder


def test_a_thread_over_two_day_files_is_one_session_and_each_day_another(tmp_path: Path) -> None:
    found = [item for item in sources_in(export(tmp_path) / "orders", Declared()) if isinstance(item, Source)]
    assert len(found) == 1
    sessions = {one.native_id: texts(one) for one in read(found[0], slack.READER).sessions}
    assert sessions == {
        f"slack:C0ORDERS:{ANN}": ["@Ann Lee asks", "the answer"],
        "slack:C0ORDERS:2026-03-10": ["aside"],
        "slack:C0ORDERS:2026-03-11": ["new day"],
    }


def test_speakers_and_records_are_named_by_the_lists_beside_the_channel(tmp_path: Path) -> None:
    day = export(tmp_path) / "orders" / "2026-03-10.json"
    alone = next(item for item in sources_in(tmp_path, Declared()) if isinstance(item, Source) and item.members)
    utterance = read(alone, slack.READER).sessions[0].utterances[0]
    assert (utterance.speaker, utterance.native_id) == ("Ann Lee", f"C0ORDERS:{ANN}")
    assert utterance.locator == f"{day.name}#/0"


def test_lists_beside_the_channels_hold_nobodys_words(tmp_path: Path) -> None:
    export(tmp_path)
    for item in sources_in(tmp_path, Declared()):
        assert isinstance(item, Source)
        if item.name in ("users.json", "channels.json"):
            assert slack.accepts(item) == 50
            assert read(item, slack.READER).set_aside == (("directory", 1),)


def test_a_folder_with_other_json_beside_the_days_is_no_channel() -> None:
    days = frozenset({"2026-03-10.json", "2026-03-11.json"})
    assert slack.READER.gathers(days | {"notes.txt"}) == days
    assert not slack.READER.gathers(days | {"calls.json"})
    assert not slack.READER.gathers(frozenset({"2026-03-10.json"}))


def test_ts_stays_text_to_the_last_digit() -> None:
    ts = "1773133284.123456789"
    utterance = reading([said(ts)]).sessions[0].utterances[0]
    assert utterance.native_id == ts
    assert utterance.said_at is not None
    assert utterance.said_at.microsecond == 123456


def test_an_answer_sent_to_the_channel_too_is_told_once() -> None:
    root = said(ANN, "root", thread_ts=ANN)
    broadcast = said(BEN, "for all", thread_ts=ANN, subtype="thread_broadcast", root=root)
    found = reading([root, broadcast, said(BEN, "for all", thread_ts=ANN)])
    assert [texts(one) for one in found.sessions] == [["root", "for all"]]
    assert found.set_aside == (("duplicate", 1),)


def test_the_root_stands_first_whatever_the_order_of_a_page() -> None:
    page = {"ok": True, "messages": [said(BEN, "answer", thread_ts=ANN), said(ANN, "root", thread_ts=ANN)]}
    session = reading(page).sessions[0]
    assert texts(session) == ["root", "answer"]
    assert session.utterances[1].parent_id == ANN


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"subtype": "channel_join"}, "event"),
        ({"subtype": "tombstone"}, "deleted"),
        ({"subtype": "made_up_tomorrow"}, "unknown_subtype"),
        ({"subtype": ["odd"]}, "unknown_subtype"),
        ({"text": ""}, "no_words"),
    ],
)
def test_what_is_nobodys_words_is_set_aside_by_name(more: dict[str, object], rule: str) -> None:
    assert reading([said(ANN) | more]).set_aside == ((rule, 1),)


def test_a_message_without_a_time_is_refused_with_its_place() -> None:
    found = reading([said(ANN), said("soon"), "text", said("99999999999999.1")])
    assert [(item.reason, item.where) for item in found.rejected] == [
        ("no ts that is a time", "/1"),
        ("not an object", "/2"),
        ("no ts that is a time", "/3"),
    ]


def test_a_programs_words_come_from_its_attachment_and_are_not_a_persons() -> None:
    attached = [{"pretext": "build 7", "text": "<https://ci.example/7|log>", "fallback": "x"}]
    bot = {"subtype": "bot_message", "bot_id": "B1", "username": "ci", "text": "", "attachments": attached, "ts": ANN}
    utterance = reading([bot]).sessions[0].utterances[0]
    assert (utterance.role, utterance.speaker) == ("assistant", "ci")
    assert utterance.text == "build 7\nlog (https://ci.example/7)"


def test_a_persons_shared_link_leaves_its_preview_out() -> None:
    preview = [{"title": "Let's go with Kafka", "text": "we decided"}]
    assert texts(reading([said(ANN, "see <https://x.example>", attachments=preview)]).sessions[0]) == [
        "see https://x.example"
    ]


def test_reactions_and_edits_are_notes_and_decide_nothing() -> None:
    tick = [{"name": "white_check_mark", "users": ["U2"], "count": 2}]
    session = reading([said(ANN, reactions=tick, edited={"user": "U0AAAA1", "ts": BEN})]).sessions[0]
    assert session.notes[0] == "at /0: reactions :white_check_mark: 2"
    assert any(note.startswith("1 edited") for note in session.notes)
    assert session.stated == ()


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<@U1> and <@U2|bo> in <#C1|orders>", "@Ann and @bo in #orders"),
        ("<!here> <!subteam^S1|@data> <!date^1^{date}|14 Feb>", "@here @data 14 Feb"),
        ("<https://x.example|the page> <mailto:a@x.example|a@x.example>", "the page (https://x.example) a@x.example"),
        ("&gt; let's go with Kafka", "> let's go with Kafka"),
    ],
)
def test_mrkdwn_becomes_text(written: str, text: str) -> None:
    assert mrkdwn(written, {"U1": "Ann"}.get) == text  # type: ignore[arg-type]  # every id here is known


def test_blocks_that_a_person_typed_keep_quotation_list_and_code() -> None:
    rows = [
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "use Kafka"}]},
        {
            "type": "rich_text_section",
            "elements": [{"type": "text", "text": "no, "}, {"type": "user", "user_id": "U1"}],
        },
        {"type": "rich_text_list", "style": "ordered", "elements": [{"elements": [{"type": "text", "text": "cost"}]}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]},
    ]
    message = {"text": "fallback", "blocks": [{"type": "rich_text", "elements": rows}]}
    assert message_text(message, lambda own: own, is_app=False) == "> use Kafka\nno, @U1\n1. cost\n```\nx = 1\n```"


def test_a_fetched_message_in_perceval_s_envelope_is_read() -> None:
    data = {"ts": ANN, "text": "hi", "user": "U1", "user_data": {"real_name": "Ann Lee"}}
    wrapped = {"backend_name": "Slack", "category": "message", "origin": "x", "data": data}
    found = source(wrapped)
    assert slack.accepts(found) == 81
    assert read(found, slack.READER).sessions[0].utterances[0].speaker == "Ann Lee"


@pytest.mark.parametrize("text", ['{"ts": 1.5, "text": "x"}', '[{"id": 1, "ts": 5, "text": "x"}]', '[{"text": "x"}]'])
def test_other_json_is_left_to_others(text: str) -> None:
    assert slack.accepts(stdin_source(text.encode(), Declared())) == 0


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(ANN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    "ts thread_ts user text subtype blocks attachments files reactions edited comment channel type".split()
)


@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=8) | VALUES, max_size=5))
def test_any_values_in_any_place_add_up(messages: list[object]) -> None:
    found = reading(messages)
    assert found.read == len(messages)
