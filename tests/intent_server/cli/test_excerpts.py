"""What a terminal shows of long quotes, many parts and many links."""

from intent_server.answers import Claim, LinkAnswer, Place, Quote
from intent_server.cli.excerpts import chosen, excerpt, headline, links, wanted

LONG = "word " * 60 + "then the nightly load locks the mart " + "tail " * 60


def claim(text: str) -> Claim:
    place = Place(session_id="s", session="talk", utterance_index=0, source="talk.vtt", locator="cue 1")
    return Claim(quotes=[Quote(evidence_id="e", recorded_text=text, start_char=0, end_char=len(text), place=place)])


def test_a_short_quote_is_shown_whole_on_one_line() -> None:
    assert excerpt("keep\n  DuckDB", wanted("DuckDB?")) == "keep DuckDB"


def test_a_long_quote_is_cut_around_what_was_asked_and_marked_on_both_sides() -> None:
    shown = excerpt(LONG, wanted("why does it lock the marts?"), 120)
    assert "nightly load locks the mart" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert shown.strip("… ") in LONG
    assert len(shown) <= 124


def test_a_long_quote_without_the_words_shows_its_beginning() -> None:
    shown = excerpt(LONG, wanted("Kafka"), 100)
    assert shown.startswith("word word")
    assert len(shown) <= 102


def test_a_quote_whose_end_is_asked_for_keeps_as_much_before_it_as_there_is_room_for() -> None:
    text = "The busy timeout is appended by both read-only opens, " + "and " * 40 + "else SQLITE_BUSY"
    assert len(excerpt(text, wanted("SQLITE_BUSY"), 200)) > 190


def test_a_text_without_spaces_is_cut_all_the_same() -> None:
    assert excerpt("語" * 400, wanted("Kafka"), 100) == "語" * 100 + " …"


def test_of_many_parts_those_with_the_words_are_shown_in_their_order() -> None:
    every = [claim(f"part {number}") for number in range(5)] + [claim("needs no server")]
    assert [one.text for one in chosen(every, wanted("servers"), 2)] == ["part 0", "needs no server"]
    assert [one.text for one in chosen(every[:3], wanted("servers"), 2)] == ["part 0", "part 1", "part 2"]


def test_a_subject_that_breaks_off_is_marked_and_a_whole_one_is_not() -> None:
    choice = "We drop the fallback entirely and make it fail, with **a retry** for the nightly load of the orders mart."
    assert headline("the fallback entirely and make it", choice) == "the fallback entirely and make it …"
    assert headline("fallback", choice) == "fallback"
    assert headline("We drop the fallback entirely and make it fail, with a retry for the", choice).endswith("the …")
    assert headline(choice, choice) == choice


def test_links_to_lines_of_one_file_are_one_line() -> None:
    targets = [("lines", "a.py:10-12"), ("file", "a.py"), ("lines", "a.py:2"), ("commit", "c" * 40)]
    found = [LinkAnswer(relation="governs", target_kind=kind, target=at, method="same_change") for kind, at in targets]
    assert links(found) == [
        ("governs", "file a.py, lines 2, 10-12  (same_change)"),
        ("governs", f"commit {'c' * 10}  (same_change)"),
    ]
