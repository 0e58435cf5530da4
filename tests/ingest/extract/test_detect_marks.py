from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.detect_marks import MARKS, marks

_WORDS = st.sampled_from(
    (
        *"because since so that otherwise due to in order avoid given reason 'cause instead of rather than".split(),
        *"over not without as opposed prefers should must needs ought have has let's let’s me we i'll I'm".split(),
        *"going gonna decided decision agreed settle concluded final chose choose picks opt opted go with use".split(),
        *"USING keep remove option cleaner best recommended maybe could sure i guess think now check".split(),
        *"looking done passes passing complete if unless when whether then okay right don't don’t won't do".split(),
        *"no longer never stop ? : - * + • 1. 2) # ** ` | / a/b.c ( ) xyz house".split(),
        "\n",
    )
)


@given(st.lists(_WORDS, max_size=12), st.sampled_from((" ", "")))
def test_no_mark_is_missed_for_want_of_its_signs(words: list[str], between: str) -> None:
    text = between.join(words)
    found = [mark.pattern.match(text) if mark.is_first else mark.pattern.search(text) for mark in MARKS]
    assert marks([text]).tolist() == [[float(one is not None) for one in found]]


@pytest.mark.parametrize(
    ("text", "count"),
    [("The lamp is on the table.", 0), ("Shall it be the lamp?", 1), ("Let's keep it because lamps break.", 3)],
)
def test_a_sentence_has_as_many_marks_as_it_shows(text: str, count: int) -> None:
    assert marks([text]).sum() == count


def test_no_sentences_have_a_table_without_rows() -> None:
    assert marks([]).shape == (0, len(MARKS))
