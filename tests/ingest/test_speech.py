"""Words to sentences, and items into one meeting."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ingest.records import Source
from ingest.sources import Declared, stdin_source
from ingest.speech import Gathered, Word, meeting, said, sentences_of
from ingest.text import normalise


def words(text: str, speaker: str | None = "A", start: int = 0, gap: int = 100) -> list[Word]:
    times = range(start, start + gap * len(text.split()), gap)
    return [Word(one, f"/{at}", speaker, at, at + 90) for one, at in zip(text.split(), times, strict=True)]


def texts(spoken: list[Word]) -> list[str]:
    return [one.text for one in sentences_of(spoken)]


def empty() -> Source:
    return stdin_source(b"{}", Declared())


def test_punctuation_ends_a_sentence_and_a_change_of_speaker_ends_a_turn() -> None:
    spoken = [*words("We keep it. Is it late?"), *words("not very", "B", 700), *words("good", "A", 1_000)]
    found = list(sentences_of(spoken))
    assert [(one.speaker, one.text) for one in found] == [
        ("A", "We keep it."),
        ("A", "Is it late?"),
        ("B", "not very"),
        ("A", "good"),
    ]
    assert (found[1].start_ms, found[1].end_ms, found[1].locator) == (300, 590, "/300")


def test_abbreviations_and_numbers_do_not_end_a_sentence() -> None:
    assert texts(words("About 3.5 hours, e.g. on Monday. Fine.")) == ["About 3.5 hours, e.g. on Monday.", "Fine."]


def test_two_seconds_of_silence_divide_what_has_no_punctuation() -> None:
    assert texts([*words("first thing"), *words("second thing", start=2_200)]) == ["first thing", "second thing"]
    assert texts([*words("first thing"), *words("second thing", start=1_000)]) == ["first thing second thing"]


def test_a_long_stretch_without_punctuation_is_also_divided_at_half_a_second() -> None:
    spoken = [*words("word " * 50), *words("word " * 50, start=5_600)]
    assert [len(one.split()) for one in texts(spoken)] == [50, 50]
    short = [*words("word " * 20), *words("word " * 20, start=2_600)]
    assert len(texts(short)) == 1


def test_a_mark_is_glued_to_the_word_before_and_keeps_its_speaker() -> None:
    mark = Word(",", "/m", glued=True)
    found = list(sentences_of([*words("yes"), mark, *words("we do", start=200)]))
    assert [(one.speaker, one.text) for one in found] == [("A", "yes, we do")]


def test_a_mark_with_no_word_before_stands_alone() -> None:
    assert texts([Word(".", "/m", glued=True)]) == ["."]


@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=6), st.sampled_from([None, "A", "B"]), st.booleans()), max_size=30)
)
def test_no_word_is_lost_and_every_text_is_normalised(given_words: list[tuple[str, str | None, bool]]) -> None:
    spoken = [Word(text, "/0", who, glued=glued) for text, who, glued in given_words if text.split()]
    found = list(sentences_of(spoken))
    assert all(one.text == normalise(one.text) and one.text.strip() for one in found)
    joined = normalise("".join("".join(word.text.split()) for word in spoken))
    assert normalise("".join("".join(one.text.split()) for one in found)) == joined


def test_channels_are_merged_by_their_starts() -> None:
    gathered = Gathered()
    for channel in ((0, None, 900), (400, 500)):
        gathered.utterances += [one for at in channel if not isinstance(one := said(f"{at}", start_ms=at), str)]
    gathered.merge()
    assert [one.text for one in gathered.utterances] == ["0", "None", "400", "500", "900"]


def test_the_day_of_the_transcription_is_only_an_assumed_date() -> None:
    made = datetime(2026, 3, 19, tzinfo=UTC)
    given_date = stdin_source(b"{}", Declared(date=datetime(2026, 1, 1, tzinfo=UTC)))
    assert meeting(empty(), Gathered(), made=made).time_basis == "assumed"
    assert meeting(empty(), Gathered(), made=made).started_at == made
    assert meeting(given_date, Gathered(), made=made).time_basis == "given"
    assert meeting(given_date, Gathered(), began=made).time_basis == "source"
