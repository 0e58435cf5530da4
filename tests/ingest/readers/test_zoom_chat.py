"""Zoom chats and captions: messages, quotations of others, reactions, older dialects, and the count of lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.readers.zoom_chat import READER
from ingest.records import Rejected, Session
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "data" / "samples" / "zoom_chat" / "2026-03-03-orders-planning-chat.txt"
SHARED = ROOT.parent / "shared" / "samples"


def read(text: str) -> list[Session | Rejected]:
    return list(READER.read(stdin_source(text.encode(), Declared())))


def session(text: str) -> Session:
    (only,) = (item for item in read(text) if isinstance(item, Session))
    return only


def said(text: str) -> list[tuple[str | None, str]]:
    return [(item.speaker, item.text) for item in session(text).utterances]


def rank(text: str) -> int:
    return READER.accepts(stdin_source(text.encode(), Declared()))


def accounted(items: list[Session | Rejected]) -> int:
    sessions = [item for item in items if isinstance(item, Session)]
    aside = sum(units for item in sessions for _, units in item.set_aside)
    return sum(item.kept for item in sessions) + aside + sum(i.units for i in items if isinstance(i, Rejected))


def test_messages_of_several_lines_keep_headings_and_their_single_posters() -> None:
    text = "00:05:01\tkalo:\tgm\n00:05:02\tP | x:\tsee\n\n# Still used\neth_call\n"
    assert said(text) == [("kalo", "gm"), ("P | x", "see\n\n# Still used\neth_call")]
    assert [item.start_ms for item in session(text).utterances] == [301_000, 302_000]


def test_what_a_reply_quotes_is_nobodys_words() -> None:
    text = '00:05:01\tMara:\tlet us use DuckDB for it\n00:05:02\tTomás:\tReplying to "let us use DuckDB..." \n\n yes\n'
    assert [(item.role, item.speaker, item.text) for item in session(text).utterances] == [
        ("person", "Mara", "let us use DuckDB for it"),
        ("harness", None, 'Replying to "let us use DuckDB..."'),
        ("person", "Tomás", "yes"),
    ]
    assert session(text).kept == 3


def test_a_quotation_over_several_lines_and_one_in_another_language_are_known() -> None:
    text = (
        '00:05:01\tMara:\tone more thing\nto say\n00:05:02\tTomás:\tReplying to "one more thing\nto say"\n\nyes\n'
        '00:05:03\tAiko:\tRépondre à "one more t..."\n\noui\n'
    )
    assert [item.text for item in session(text).utterances if item.role == "person"] == [
        "one more thing\nto say",
        "yes",
        "oui",
    ]


def test_a_quotation_of_nothing_said_before_is_the_posters_own() -> None:
    text = '00:05:01\tMara:\tthe page says "nothing is lost"\n\nand I agree\n'
    assert said(text) == [("Mara", 'the page says "nothing is lost"\n\nand I agree')]


@pytest.mark.parametrize(
    "reaction",
    [
        'Reacted to "gm all of y..." with 👍',
        'Reacted to gm all of you with "🔥"',
        'Reacted to "gm all\nof you" with 😃',
        'Hat auf "gm all of y..." mit 🎉 reagiert',
        'Removed a 👍 reaction from "gm all of you"',
    ],
)
def test_reactions_are_set_aside_in_any_language(reaction: str) -> None:
    text = f"00:05:01\tMara:\tgm all of you\n00:05:02\tTomás:\t{reaction}\n"
    assert said(text) == [("Mara", "gm all of you")]
    assert session(text).set_aside == (("reaction", 1 + reaction.count("\n")),)


def test_a_sentence_with_a_quotation_is_no_reaction() -> None:
    text = '00:05:01\tMara:\tgm all of you\n00:05:02\tTomás:\tI liked "gm all of you" best\n'
    assert len(session(text).utterances) == 2


def test_older_clients_write_from_whom_to_whom_and_are_unconfirmed() -> None:
    text = (
        "14:05:11\t From Mara Lindqvist to Everyone:\n\thello there\n"
        "14:05:12 From Tomás Rey to Mara Lindqvist(Direct Message):\n\tjust you\n14:06:00\t From Aiko Tan : older\n"
    )
    assert said(text) == [("Mara Lindqvist", "hello there"), ("Tomás Rey", "just you"), ("Aiko Tan", "older")]
    assert [item.topic for item in session(text).utterances] == [None, "to Mara Lindqvist(Direct Message)", None]
    assert session(text).notes == ("unconfirmed format: Zoom chat of older clients", "times are times of day")


def test_saved_captions_are_read_and_unconfirmed() -> None:
    text = "[Mara Lindqvist] 00:01:02\nHello all.\nMore.\n\n[Tomás Rey] 00:01:09\nHi.\n"
    assert said(text) == [("Mara Lindqvist", "Hello all.\nMore."), ("Tomás Rey", "Hi.")]
    assert session(text).notes == ("unconfirmed format: Zoom captions",)
    assert rank(text) == 90


def test_messages_are_what_is_recognised() -> None:
    assert rank("00:05:01\tMara:\tgm\n") == 90
    assert rank("saved chat\n00:05:01\tMara:\tgm\n00:05:02\tMara:\tgm\n") == 52
    assert rank("saved chat\n00:05:01\tMara:\tgm\n") == 0
    assert rank("00:05:01 Mara: gm\n") == 0


def test_ten_thousand_replies_to_messages_that_begin_alike_are_read_in_time() -> None:
    opening = "00:05:01\tMara:\tthe same beginning\n"
    text = opening * 5_000 + '00:05:02\tAiko:\tRépondre à "the same begin nothing"\n\noui\n' * 5_000
    assert len(session(text).utterances) == 10_000


@pytest.mark.parametrize(
    ("name", "messages", "replies", "reacted", "people"),
    [("acdc-175", 36, 12, 94, 20), ("acdc-183", 115, 29, 60, 37), ("focil-032", 2, 0, 0, 1), ("rpc-030", 1, 0, 0, 1)],
)
def test_real_chats_add_up(name: str, messages: int, replies: int, reacted: int, people: int) -> None:
    path = SHARED / "meeting-zoom" / f"{name}.chat.txt"
    if not path.is_file():
        pytest.skip("the sample collection meeting-zoom is not beside this checkout")
    source = file_source(path, Declared())
    (found,) = READER.read(source)
    assert isinstance(found, Session)
    assert reader_for(source) is READER
    spoken = [item for item in found.utterances if item.role == "person"]
    assert (len(spoken), len(found.utterances) - len(spoken)) == (messages, replies)
    assert (dict(found.set_aside).get("reaction", 0), len({item.speaker for item in spoken})) == (reacted, people)
    assert accounted([found]) == READER.count(source)


def test_the_sample_goes_to_this_reader() -> None:
    assert reader_for(file_source(SAMPLE, Declared())) is READER


@given(
    st.lists(
        st.sampled_from(
            [
                "00:05:01\tMara:\t",
                "00:05:02\t From A to Everyone:\t",
                "[A] 00:00:01\n",
                'Replying to "a"\n\n',
                'Reacted to "a" with 👍',
                "words",
                "a",
                "\n",
                " ",
                'Répondre à "a"\n\n',
                '"',
                "\x85",
                "\t",
                "999:99:99\tB:\t\n",
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_every_line_is_kept_set_aside_or_rejected(text: str) -> None:
    source = stdin_source(text.encode() or b" ", Declared())
    READER.accepts(source)
    try:
        items = list(READER.read(source))
    except SourceError:
        return
    assert accounted(items) == READER.count(source)
    sessions = [item for item in items if isinstance(item, Session)]
    assert all(item.kept >= 0 and item.utterances for item in sessions)
    assert all(item.text.strip() for one in sessions for item in one.utterances)
