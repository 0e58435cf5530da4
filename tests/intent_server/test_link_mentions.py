from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intent_server.link_mentions import mentions
from tests.growth import assert_linear_row

NAMED = st.lists(
    st.sampled_from(
        ["a/b.py", ":3-4", "#12", "acme/shop", "`a_b`", "https://", "/", ".", "-", "PR 7", "0a1b2c3", " ", "é"]
    )
).map("".join)


def named(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.name) for one in mentions(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see src/pay/retry.py.", [("path", "src/pay/retry.py")]),
        ("retry.py's loop", [("path", "retry.py")]),
        ("in /home/ada/shop/a.go:12", [("path", "/home/ada/shop/a.go")]),
        ("as PR 12 and #13 say", [("request", "12"), ("request", "13")]),
        ("fixed in acme/shop#12", [("request", "12")]),
        ("closes issue #4", [("issue", "4")]),
        ("since 0a1b2c3d", [("commit", "0a1b2c3d")]),
        ("https://github.com/acme/shop/pull/9#discussion_r1", [("request", "9")]),
        ("https://github.com/acme/shop/blob/main/a/b.py#L3-L5", [("path", "a/b.py")]),
        ("[it](https://github.com/acme/shop/blob/main/a/b.py).", [("path", "a/b.py")]),
        ("https://github.com/acme/shop/blob/main/app/(shop)/[id]/page.tsx", [("path", "app/(shop)/[id]/page.tsx")]),
        ("model.shop.orders keeps it", [("node", "model.shop.orders")]),
        ("we use `sync` and retry_after()", [("word", "sync"), ("word", "retry_after")]),
    ],
)
def test_names_are_told_by_their_shape(text: str, found: list[tuple[str, str]]) -> None:
    assert named(text) == found


def test_lines_behind_a_path_are_its_lines() -> None:
    assert [one.lines for one in mentions("a/b.py:12-14 c/d.py:L7 e/f.py")] == [(12, 14), (7, 7), None]


def test_a_number_that_no_file_has_is_no_line() -> None:
    assert [one.lines for one in mentions("a/b.py:123456789")] == [None]


def test_an_address_elsewhere_names_nothing_here() -> None:
    assert named("https://example.org/a/b.py#12") == []


def test_the_repository_of_an_address_is_known_without_its_ending() -> None:
    assert [one.repository for one in mentions("https://GitHub.com/Acme/Shop/issues/3")] == ["github.com/acme/shop"]


def test_plain_words_and_numbers_name_nothing() -> None:
    assert named("We keep 12 retries after 3.5 seconds; see the plan.") == []


@given(st.text() | NAMED)
def test_any_text_is_taken_and_every_span_is_exact(text: str) -> None:
    found = mentions(text)
    assert all(text[one.start_char : one.end_char] == one.words for one in found)
    assert all(one.end_char <= after.start_char for one, after in pairwise(found))


@pytest.mark.parametrize("piece", ["../", "a-", "a.", "-", "#1 ", "`a.", "a/b.", "a_", "model.a", "https://a/"])
def test_time_grows_with_length(piece: str) -> None:
    assert_linear_row(mentions, piece, chars=5_000)
