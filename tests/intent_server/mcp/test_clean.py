import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text import visible
from intent_server.answers import Get, Line, Rows, Search, SessionAnswer
from intent_server.errors import QueryRefused
from intent_server.mcp.clean import compact, squeezed, squeezed_rows, visible_answer


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pay \u202eyap\u202c", "pay ⟨U+202E⟩yap⟨U+202C⟩"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("tag\U000e0041\U000e0042", "tag⟨U+E0041⟩⟨U+E0042⟩"),
        ("x\U000e0100", "x⟨U+E0100⟩"),
        ("esc\x1b[31m", "esc⟨U+001B⟩[31m"),
        ("\u3164\u2800\u034f\ufeff", "⟨U+3164⟩⟨U+2800⟩⟨U+034F⟩⟨U+FEFF⟩"),
        ("a\u200db", "a⟨U+200D⟩b"),
        ("hidden\ufe0f\ufe0f", "hidden⟨U+FE0F⟩⟨U+FE0F⟩"),
        ("\ue000\U0010fffd", "⟨U+E000⟩⟨U+10FFFD⟩"),
    ],
)
def test_what_an_eye_would_not_see_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text", ["line\n\tnext", "naïve — “so”", "日本語 العربية עברית हिन्दी", "👨‍👩‍👧 ✔️ 1️⃣ 👍🏽", "½²√"]
)
def test_what_can_be_seen_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


@given(st.text())
def test_writing_out_twice_changes_nothing_more_and_loses_nothing(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    assert all(char in shown or f"⟨U+{ord(char):04X}⟩" in shown for char in text)


def test_every_text_of_an_answer_is_written_out() -> None:
    line = Line(utterance_index=0, role="person", locator="1\u200b", recorded_text="a\u202eb")
    answer = Get(kind="session", session=page([line], title="T\u200b"))
    shown = visible_answer(answer).model_dump_json()
    assert "\u202e" not in shown
    assert "\u200b" not in shown
    assert "a⟨U+202E⟩b" in shown


def page(lines: list[Line], *, title: str = "Planning", decisions: int = 0) -> SessionAnswer:
    return SessionAnswer(
        session_id="s",
        title=title,
        kind="meeting",
        time_basis="source",
        source="a.vtt",
        utterance_count=len(lines),
        decisions=[f"0190d5f0-1111-7000-8000-{number:012d}" for number in range(decisions)],
        lines=lines,
    )


def test_a_title_of_a_million_characters_and_a_thousand_decisions_still_fit_and_say_so() -> None:
    answer = Get(kind="session", session=page([], title="T" * 1_000_000, decisions=1000), left_out="Two lines.")
    facts = squeezed(answer, 8000)
    assert len(compact(facts)) <= 8000
    shown = Get.model_validate(facts)
    assert shown.session is not None
    assert str(shown.session.title).endswith("T […]")
    assert len(shown.session.decisions) == 50
    assert shown.left_out == "Two lines. Long texts and lists are cut; get an id to read on."


def test_an_answer_that_fits_is_left_as_it_is() -> None:
    answer = Search(query="q", hits=[], total=0)
    assert squeezed(answer, 8000) == {"query": "q", "hits": [], "total": 0}


def test_rows_made_longer_by_writing_out_lose_their_end_and_say_so() -> None:
    rows = visible_answer(Rows(columns=["a"], rows=[["\u202e" * 100]] * 20, truncated=False))
    facts = squeezed_rows(rows, 4000)
    assert 3000 < len(compact(facts)) <= 4000
    assert facts["truncated"] is True


def test_one_row_made_longer_by_writing_out_is_cut_with_a_mark() -> None:
    rows = visible_answer(Rows(columns=["a", "b"], rows=[["\u202e" * 5000, 7]], truncated=False))
    facts = squeezed_rows(rows, 4000)
    assert len(compact(facts)) <= 4000
    [[text, number]] = Rows.model_validate(facts).rows
    assert (str(text)[:8], str(text)[-4:], number) == ("⟨U+202E⟩", " […]", 7)


def test_column_names_that_alone_do_not_fit_are_refused() -> None:
    with pytest.raises(QueryRefused, match="names of its 90 columns"):
        squeezed_rows(Rows(columns=["n" * 100] * 90, rows=[], truncated=False), 8000)


def test_compact_json_is_json() -> None:
    assert json.loads(compact({"a": ["é\n", None, 1.5]})) == {"a": ["é\n", None, 1.5]}
