"""The text boundary."""

import pytest

from ingest import text
from ingest.errors import SourceEmpty, SourceMalformed, WrongEncoding
from ingest.records import Utterance
from ingest.sources import Declared, stdin_source


def utterance(words: str) -> Utterance:
    return Utterance(index=0, text=words, role="person", locator="line 1")


def test_the_first_byte_that_is_not_utf8_is_named_with_its_position() -> None:
    with pytest.raises(WrongEncoding) as raised:
        text.decode(b"caf\xe9 au lait", uri="menu.txt")
    assert raised.value.byte_offset == 3
    assert "byte 3 is 0xe9" in str(raised.value)
    assert "--encoding" in str(raised.value)


def test_a_declared_encoding_is_used() -> None:
    assert text.decode(b"caf\xe9", uri="menu.txt", encoding="cp1252") == "café"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_wins_over_the_declared_encoding_and_is_dropped(encoding: str) -> None:
    assert text.decode("Größe".encode(encoding), uri="a.txt", encoding="cp1252") == "Größe"


def test_the_bad_byte_is_counted_from_the_start_of_the_file_when_there_is_a_mark() -> None:
    with pytest.raises(WrongEncoding) as raised:
        text.decode(b"\xef\xbb\xbfab\xff", uri="a.txt")
    assert raised.value.byte_offset == 5


def test_line_ends_become_line_feeds_and_letters_become_composed() -> None:
    assert text.normalise("a\r\nb\rc e\u0301") == "a\nb\nc \u00e9"


def test_what_no_store_can_hold_is_replaced_visibly() -> None:
    assert text.normalise("a\x00b\ud83dc") == "a\ufffdb\ufffdc"


def test_binary_content_is_refused_with_the_place_of_its_nul() -> None:
    with pytest.raises(SourceMalformed) as raised:
        text.whole_text(stdin_source(b"abc\x00def", Declared()), reader="plain_text")
    assert "character 3" in str(raised.value)


def test_white_space_alone_is_an_empty_source() -> None:
    with pytest.raises(SourceEmpty):
        text.whole_text(stdin_source(b" \n\t\n", Declared()), reader="plain_text")


def test_sentences_are_cut_at_their_ends_but_not_at_abbreviations() -> None:
    words = "We keep v1.2, e.g. for Mr. Rey. Done? Yes!\n\nNext:\n- one\n- two"
    cuts = [words[start:end] for start, end in text.sentences(words)]
    assert cuts == ["We keep v1.2, e.g. for Mr. Rey.", "Done?", "Yes!", "Next:", "- one", "- two"]


def test_a_sentence_ends_at_an_options_letter_but_not_at_a_names() -> None:
    words = "Let's go with option B. Ask J. Doe first."
    cuts = [words[start:end] for start, end in text.sentences(words)]
    assert cuts == ["Let's go with option B.", "Ask J. Doe first."]


def test_invisible_bidi_and_look_alike_characters_are_counted_with_their_first_place() -> None:
    found = text.irregular((utterance("pay\u200bpal \u202e and p\u0430ypal"),))
    assert {odd.kind: (odd.count, odd.first) for odd in found} == {
        "invisible": (1, "line 1, character 3"),
        "bidi": (1, "line 1, character 8"),
        "look_alike": (1, "line 1, character 14"),
    }


def test_a_whole_cyrillic_word_is_no_look_alike() -> None:
    assert text.irregular((utterance("решение принято, use DuckDB"),)) == ()


def test_delivered_text_shows_what_cannot_be_seen_and_drops_nothing() -> None:
    assert text.visible("a\u202eb\x1b[31m\nc") == "a⟨U+202E⟩b⟨U+001B⟩[31m\nc"


def test_emoji_joiners_stay_as_they_are() -> None:
    family = "👩\u200d👧 ❤️"
    assert text.visible(family) == family


def test_folding_cuts_at_a_word() -> None:
    assert text.folded("the   payments\nclient retries", limit=18) == "the payments"
