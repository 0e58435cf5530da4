"""What a harness writes around an answer: taken off, the person's note kept."""

import pytest

from ingest.dialog_answers import Written, without_last_word, written


def test_the_last_word_goes_with_the_quote_before_it() -> None:
    last_word = "Read the answers carefully."
    assert without_last_word(f'DuckDB". {last_word}') == ("DuckDB", last_word)
    assert without_last_word(f'"mart"="DuckDB. Read on". {last_word}', len('"mart"="')) == (
        "DuckDB. Read on",
        last_word,
    )
    assert without_last_word("DuckDB. Read on") == ("DuckDB. Read on", "")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("DuckDB", Written("DuckDB")),
        ('DuckDB"', Written("DuckDB")),
        ('one "mart" only', Written('one "mart" only')),
        ('DuckDB" selected preview:\n a\n  b\n', Written("DuckDB", "", " a\n  b")),
        ('DuckDB" notes: my notes: few', Written("DuckDB", "my notes: few")),
        ('DuckDB" selected preview:\na user notes: b', Written("DuckDB", "b", "a")),
    ],
)
def test_an_answer_is_taken_from_what_stands_beside_it(text: str, parts: Written) -> None:
    assert written(text) == parts
