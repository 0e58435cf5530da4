"""Mail: threads, an author's own words apart from quotations and patches, odd headers, messages split at From lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pipeline import Reading, read
from ingest.readers import mbox
from ingest.readers.mbox_html import html_text
from ingest.readers.mbox_words import words_of
from ingest.sources import Declared, stdin_source

FROM_LINE = "From ann@x.example Fri Mar  6 08:12:44 2026\n"


def letter(body: str, *headers: str, own: str = "", subject: str = "Orders") -> str:
    ids = f"Message-ID: <{own}>\n" if own else ""
    more = "".join(f"{one}\n" for one in headers)
    return f"{FROM_LINE}From: Ann Lee <ann@x.example>\nSubject: {subject}\n{ids}{more}\n{body}\n\n"


def reading(text: str | bytes) -> Reading:
    data = text if isinstance(text, bytes) else text.encode()
    source = stdin_source(data, Declared(stdin_name="mail"))
    assert mbox.accepts(source) > 0
    return read(source, mbox.READER)


def own_words(text: str) -> list[str]:
    return [piece.text for piece in words_of(text).pieces if piece.kind == "own"]


def test_answers_stand_with_what_they_answer_by_ids_and_else_by_subject() -> None:
    found = reading(
        letter("one", own="a@x")
        + letter("other", own="o@x", subject="Stores")
        + letter("two", "In-Reply-To: <a@x>", own="b@x", subject="renamed")
        + letter("three", own="c@x", subject="Re: [list] orders")
    )
    assert {one.native_id: [u.text for u in one.utterances] for one in found.sessions} == {
        "mail:a@x": ["one", "two", "three"],
        "mail:o@x": ["other"],
    }


def test_a_thread_is_known_by_its_root_even_where_the_root_is_in_another_archive() -> None:
    later = letter("three", "References: <a@x> <b@x>", "In-Reply-To: <b@x>", own="c@x")
    session = reading(later).sessions[0]
    assert session.native_id == "mail:a@x"
    assert session.utterances[0].parent_id == "b@x"
    assert session.notes == ("1 answered messages are not in this archive",)


def test_a_new_message_with_an_old_subject_begins_a_thread_of_its_own() -> None:
    found = reading(letter("minutes of May", own="a@x") + letter("minutes of June", own="b@x"))
    assert len(found.sessions) == 2


def test_messages_without_any_id_are_known_by_their_content() -> None:
    found = reading(letter("hello"))
    assert [(one.identity, one.native_id[:3]) for one in found.sessions] == [("content", "b2:")]


def test_a_from_line_inside_a_body_begins_no_message() -> None:
    found = reading(letter("Two things.\n\nFrom here on it gets hard.\n\nFrom Monday 10:00 to 2026\nno header") * 2)
    assert found.read == 2


def test_a_from_line_that_is_not_ascii_parts_messages_like_others() -> None:
    odd = letter("one", own="a@x").replace("ann@x.example Fri", "ann at “x” Fri")
    assert reading(odd + letter("two", own="b@x")).read == 2


def test_the_same_message_twice_is_told_once() -> None:
    found = reading(letter("hello", own="a@x") * 2)
    assert (found.kept, found.set_aside) == (1, (("duplicate", 1),))


def test_a_single_message_file_is_read() -> None:
    session = reading("From: ann@x.example (Ann Lee)\nTo: b@x\nDate: Fri, 6 Mar 2026 09:12:44 +0100\n\nhello").sessions[
        0
    ]
    assert session.utterances[0].speaker == "Ann Lee"
    assert session.started_at is not None
    assert session.started_at.isoformat() == "2026-03-06T08:12:44+00:00"


def test_without_a_date_header_the_from_line_tells_when() -> None:
    session = reading(letter("hello")).sessions[0]
    assert session.started_at is not None
    assert (session.started_at.isoformat(), session.time_basis) == ("2026-03-06T08:12:44+00:00", "source")


@pytest.mark.parametrize(
    ("written", "speaker"),
    [
        ("Ann Lee <ann@x.example>", "Ann Lee"),
        ('"Lee, Ann" <ann@x.example>', "Lee, Ann"),
        ("ann at x.example (Ann Lee)", "Ann Lee"),
        ("ann at x.example", "ann at x.example"),
        ("<ann@x.example>", "ann@x.example"),
        ("=?utf-8?q?Tom=C3=A1s_Rey?= <t@x.example>", "Tomás Rey"),
        ("Ann Lee via data-team <data-team@x.example>", "Ann Lee"),
    ],
)
def test_senders_are_named(written: str, speaker: str) -> None:
    text = letter("hello").replace("Ann Lee <ann@x.example>", written)
    assert reading(text).sessions[0].utterances[0].speaker == speaker


def test_an_automatic_sender_is_no_person() -> None:
    assert reading(letter("built", "Auto-Submitted: auto-generated")).sessions[0].utterances[0].role == "assistant"


def test_what_is_quoted_is_never_the_authors_and_stays_only_where_it_is_answered() -> None:
    body = "On Fri, 6 Mar 2026, Ben wrote:\n> long ago\n>\n> Let's use Kafka.\n\nNo, too heavy.\n\n> And the logs?"
    session = reading(letter(body, own="a@x")).sessions[0]
    assert [(u.role, u.speaker, u.text) for u in session.utterances] == [
        ("harness", None, "Let's use Kafka."),
        ("person", "Ann Lee", "No, too heavy."),
    ]
    assert {u.locator for u in session.utterances} == {"message 1, line 1"}


@pytest.mark.parametrize(
    "copied",
    [
        "-----Original Message-----\nFrom: Ben\nLet's use Kafka.",
        "From: Ben <b@x>\nSent: Friday\nTo: Ann\nSubject: x\n\nLet's use Kafka.",
        "On Fri, Mar 6, 2026 Ben <b@x.example> wrote:\n\nLet's use Kafka.",
        "________________________________\nVon: Ben\nGesendet: Freitag\nLet's use Kafka.",
        "2026-03-06 9:12 GMT+01:00 Ben\n<b@x.example>:\n\n> Let's use Kafka.",
        "-- \nBen, who says: let's use Kafka.",
        "_______________________________________________\ndata mailing list\nlet's use Kafka",
        "-------------- next part --------------\nlet's use Kafka",
    ],
)
def test_copied_messages_signatures_and_footers_are_left_out(copied: str) -> None:
    assert own_words(f"No.\n\n{copied}") == ["No."]


def test_a_patch_is_left_out_and_its_message_kept() -> None:
    hunk = "diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-x\n+y\n"
    diff = f"---\n a.txt | 2 +-\n 1 file changed\n\n{hunk}"
    assert own_words(f"Use y, since x is slow.\n\nReviewed-by: Ben <b@x>\n{diff}-- \n2.39") == [
        "Use y, since x is slow.\n\nReviewed-by: Ben <b@x>"
    ]
    assert reading(letter(diff)).set_aside == (("patch", 1),)


def test_a_message_that_only_quotes_has_no_words() -> None:
    assert reading(letter("> yes\n> no")).set_aside == (("no_words", 1),)


def test_lines_broken_by_the_program_are_joined_and_others_are_not() -> None:
    wrapped = (
        "We keep the nightly run for the orders because the stores close their\n"
        "books at midnight.\n\nShort line.\nAnother one.\n\n"
        "- the first item of a list that is long enough to be broken\n  by a program\n- the second"
    )
    assert own_words(wrapped)[0].split("\n") == [
        "We keep the nightly run for the orders because the stores close their books at midnight.",
        "",
        "Short line.",
        "Another one.",
        "",
        "- the first item of a list that is long enough to be broken by a program",
        "- the second",
    ]


def test_html_is_read_where_there_is_no_plain_text() -> None:
    markup = (
        "<style>p {}</style><p>Not <b>Kafka</b> &amp; co.</p><blockquote>Let's use Kafka.</blockquote><!-- x --><p>Bye"
    )
    assert html_text(markup) == "Not Kafka & co.\n\n> Let's use Kafka.\n>\nBye"
    session = reading(letter(markup, "Content-Type: text/html")).sessions[0]
    assert [u.role for u in session.utterances] == ["person", "harness", "person"]


def test_a_stretch_without_headers_is_refused_with_its_place() -> None:
    source = stdin_source((FROM_LINE + "\nno header here\n\n" + letter("two")).encode(), Declared())
    found = read(source, mbox.READER)
    assert [(item.reason, item.where) for item in found.rejected] == [("no header", "message 1, line 1")]
    assert found.kept == 1


@given(
    st.lists(st.sampled_from([FROM_LINE, "\n", "A: b\n", "> q\n", "words\n", "--x\n", "diff --git a b\n"]), max_size=20)
)
def test_any_order_of_lines_adds_up(rows: list[str]) -> None:
    read(stdin_source(("From: a\n" + "".join(rows)).encode(), Declared()), mbox.READER)


@given(st.binary(max_size=400))
def test_any_bytes_add_up(data: bytes) -> None:
    read(stdin_source(b"From x\nA: b\n\n" + data, Declared()), mbox.READER)
