"""Laws of the text boundary."""

from hypothesis import given
from hypothesis import strategies as st

from ingest import text


@given(st.text())
def test_normalising_twice_is_normalising_once(words: str) -> None:
    once = text.normalise(words)
    assert text.normalise(once) == once


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_normalised_text_can_be_stored_as_utf8(words: str) -> None:
    text.normalise(words).encode("utf-8")


@given(st.text(alphabet="ab.!? \n-1"))
def test_sentences_never_overlap_and_leave_only_white_space_out(words: str) -> None:
    end = 0
    for start, stop in text.sentences(words):
        assert end <= start < stop
        assert not words[end:start].strip()
        end = stop
    assert not words[end:].strip()


@given(st.text())
def test_visible_text_has_no_control_characters_left(words: str) -> None:
    assert text.visible(text.visible(words)) == text.visible(words)
    assert not set(text.visible(words)) & set("\x1b\x00\x07\u202e\u200b\u2066")
