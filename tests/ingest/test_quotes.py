"""Quotes are found where words begin and end, however they were typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.quotes import stretch


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Jonas disagreed.", "Agreed."),
        ("Jonas disagreed.", "agreed."),
        ("We reuse Redis here.", "use Redis"),
        ("We use Redis5 here.", "use Redis"),
        ("Wir nehmen Übergrößen.", "größe"),
        ("We re use\nRedis5.", "use Redis"),
        ("cafe\u0301s are closed", "cafe"),
    ],
)
def test_a_part_of_a_word_is_no_quote(text: str, quote: str) -> None:
    assert stretch(text, quote) is None


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("disagreed; agreed.", "agreed.", "agreed."),
        ("He disagreed. Agreed, then.", "AGREED", "Agreed"),
        ("We reuse it; we use  Redis now.", "use Redis", "use  Redis"),
        ("let's use `Redis`.", "Redis", "Redis"),
        ("snake_case names", "case names", "case names"),
        ("我们决定使用数据库。", "使用数据库", "使用数据库"),
        ("データベースを使う", "ベースを", "ベースを"),
        ("เราจะใช้ฐานข้อมูล", "ใช้ฐาน", "ใช้ฐาน"),
        ("데이터베이스를 사용합니다", "데이터베이스", "데이터베이스"),
        ("我们用Redis吧", "Redis", "Redis"),
        ("use $5", "$5", "$5"),
    ],
)
def test_whole_words_are_found(text: str, quote: str, found: str) -> None:
    at = stretch(text, quote)
    assert at is not None
    assert text[at[0] : at[1]] == found


@given(st.text(min_size=1).filter(str.strip), st.text(), st.text())
def test_a_quote_set_off_by_spaces_is_found(quote: str, before: str, after: str) -> None:
    quote = quote.strip()
    at = stretch(f"{before} {quote} {after}", quote)
    assert at is not None
