"""WebVTT and SRT: speakers, blocks, rolling captions, and the count of blocks."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceEmpty, SourceError, SourceMalformed, WrongEncoding
from ingest.readers.vtt import READER
from ingest.records import Rejected, Session
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "data" / "samples" / "vtt"
SHARED = ROOT.parent / "shared" / "samples"
GUID = "91b3f3c3-44c6-4a8b-8c0a-add105d816bd"


def read(text: str | bytes) -> list[Session | Rejected]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(READER.read(stdin_source(data, Declared())))


def session(text: str | bytes) -> Session:
    (only,) = (item for item in read(text) if isinstance(item, Session))
    return only


def said(text: str | bytes) -> list[tuple[str | None, str]]:
    return [(item.speaker, item.text) for item in session(text).utterances]


def webvtt(*payloads: str) -> str:
    cues = (f"{n}\n00:00:{n:02d}.000 --> 00:00:{n + 1:02d}.000\n{text}\n" for n, text in enumerate(payloads, 1))
    return "WEBVTT\n\n" + "\n".join(cues)


def srt(*payloads: str) -> str:
    return webvtt(*payloads).removeprefix("WEBVTT\n\n").replace(".000", ",000")


def accounted(items: list[Session | Rejected]) -> int:
    sessions = [item for item in items if isinstance(item, Session)]
    aside = sum(units for item in sessions for _, units in item.set_aside)
    return sum(item.kept for item in sessions) + aside + sum(i.units for i in items if isinstance(i, Rejected))


def rank(text: str | bytes) -> int:
    return READER.accepts(stdin_source(text if isinstance(text, bytes) else text.encode(), Declared()))


def test_a_zoom_name_is_split_at_the_first_colon_and_keeps_its_display_form() -> None:
    text = webvtt("Akash | ECH: one: two", "kev: yes", "Marius Van Der Wijden (M): it is 10:30")
    assert said(text) == [("Akash | ECH", "one: two"), ("kev", "yes"), ("Marius Van Der Wijden (M)", "it is 10:30")]


def test_carriage_returns_and_a_byte_order_mark_change_nothing() -> None:
    text = webvtt("Mara: hello", "Tomás: hi", "Mara: so")
    assert said(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()) == said(text)


def test_words_before_a_colon_in_captions_without_speakers_name_nobody() -> None:
    text = webvtt("The rule is this: we drop them.", "Fine.", "Why?", "So that nobody forgets.")
    assert said(text)[0] == (None, "The rule is this: we drop them.")
    assert session(text).notes == ("speakers unknown",)


def test_a_teams_voice_spans_lines_lacks_its_end_and_has_entities() -> None:
    text = f"WEBVTT\n\n{GUID}/32-0\n00:00:10.087 --> 00:00:13.130\n<v R&amp;D  Team>a &lt; b,\nand&nbsp;more\n"
    (only,) = session(text).utterances
    assert (only.speaker, only.text, only.native_id) == ("R&D Team", "a < b, and more", f"{GUID}/32-0")
    assert (only.start_ms, only.end_ms, only.locator) == (10_087, 13_130, "cue 1")


def test_two_voices_in_one_cue_are_two_utterances_of_one_place() -> None:
    text = webvtt("<v Mara>Shall we?</v> <v.loud Tomás Rey>Yes.</v> (door)")
    spoken = session(text).utterances
    assert [(item.speaker, item.text) for item in spoken] == [
        ("Mara", "Shall we?"),
        ("Tomás Rey", "Yes."),
        (None, "(door)"),
    ]
    assert {item.locator for item in spoken} == {"cue 1"}
    assert session(text).kept == 1


def test_an_unknown_voice_is_nobody() -> None:
    assert said(webvtt("<v Unknown>Hello.</v>")) == [(None, "Hello.")]


def test_cue_numbers_are_no_native_ids() -> None:
    assert session(webvtt("Mara: hi")).utterances[0].native_id is None


def test_notes_styles_and_regions_are_set_aside_by_name() -> None:
    text = (
        "WEBVTT - Planning\n\nNOTE Confidence: 0.69\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:a\n\n"
        f"{GUID}\n00:01.000 --> 00:02.000 align:start\nHello.\n\nNOTE\nlast\n"
    )
    found = session(text)
    assert found.set_aside == (("note", 2), ("region", 1), ("style", 1))
    assert (found.kept, found.title, found.utterances[0].text) == (1, "Planning", "Hello.")


def test_a_header_of_several_lines_is_no_unit() -> None:
    text = "WEBVTT\nKind: captions\nTitle: Weekly\n::cue(c) {\n}\n\n00:01.000 --> 00:02.000\nHello.\n"
    assert session(text).title == "Weekly"
    assert READER.count(stdin_source(text.encode(), Declared())) == 1


def test_rolling_captions_are_kept_once() -> None:
    text = (
        "WEBVTT\nKind: captions\n\n"
        "00:00:01.000 --> 00:00:02.000 align:start position:0%\n \nso<00:00:01.500><c> we</c><c> use</c>\n\n"
        "00:00:02.000 --> 00:00:02.010\nso we use\n \n\n"
        "00:00:02.010 --> 00:00:04.000\nso we use\nDuckDB<00:00:03.000><c> now</c>\n\n"
        "00:00:04.000 --> 00:00:04.010\nDuckDB now\n \n"
    )
    assert said(text) == [(None, "so we use"), (None, "DuckDB now")]
    assert session(text).set_aside == (("rolling repeat", 2),)


def test_rolling_captions_without_karaoke_times_are_known_by_their_overlap() -> None:
    assert [words for _, words in said(srt("a one", "a one\nb two", "b two\nc three", "c three\nd four"))] == [
        "a one",
        "b two",
        "c three",
        "d four",
    ]


def test_a_speaker_may_say_the_same_twice() -> None:
    assert len(said(webvtt("Mara: Yeah.", "Mara: Yeah.", "Mara: Yeah."))) == 3


def test_tags_and_override_codes_leave_no_trace_but_generics_stay() -> None:
    assert said(srt(r"{\an8}<i>Take</i> a <b>List<String></b>"))[0][1] == "Take a List<String>"


def test_an_arrow_in_the_words_is_no_timing_line() -> None:
    assert said(webvtt("raw --> staging --> mart"))[0][1] == "raw --> staging --> mart"


def test_a_second_timing_line_opens_a_cue_and_takes_its_number_along() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nfirst\n2\n00:00:02,000 --> 00:00:03,000\nsecond\n"
    assert said(text) == [(None, "first"), (None, "second")]
    assert READER.count(stdin_source(text.encode(), Declared())) == 2


def test_a_cue_without_times_is_rejected_and_the_rest_is_read() -> None:
    text = srt("one", "two", "three").replace("00:00:02,000 --> 00:00:03,000\n", "")
    rejected, kept = read(text)
    assert rejected == Rejected("no timing line with two times", "line 5", "2\ntwo")
    assert isinstance(kept, Session)
    assert [item.locator for item in kept.utterances] == ["cue 1", "cue 2"]


def test_a_truncated_last_cue_is_rejected() -> None:
    items = read(webvtt("Mara: hello") + "\n2\n00:00:0")
    assert [item.where for item in items if isinstance(item, Rejected)] == ["line 7"]


def test_empty_cues_and_sounds_are_set_aside() -> None:
    found = session(srt("[Music]", "<i></i>", "♪♪", "hello", "(a question)"))
    assert found.set_aside == (("no words", 1), ("sound", 2))
    assert [item.text for item in found.utterances] == ["hello", "(a question)"]


def test_srt_dashes_and_arrows_change_the_unnamed_speaker() -> None:
    assert said(srt("- Shall we?\n- Yes, let's\ndo it.", ">> Fine.")) == [
        (None, "Shall we?"),
        (None, "Yes, let's do it."),
        (None, "Fine."),
    ]


def test_srt_labels_count_where_they_recur_and_look_like_names() -> None:
    text = srt("MARA: one\nTOMÁS: two", "still he", "MARA: three", "TOMÁS: four", "Note: five", "Note: six", "a b", "c")
    assert said(text)[:4] == [("MARA", "one"), ("TOMÁS", "two"), (None, "still he"), ("MARA", "three")]
    assert (None, "Note: six") in said(text)


def test_srt_bracketed_names_count_where_they_recur() -> None:
    text = srt("[MARA] one", "(Tomás) two", "[MARA] three", "(Tomás) four", "[door] five")
    assert [speaker for speaker, _ in said(text)] == ["MARA", "Tomás", "MARA", "Tomás", None]


def test_hours_over_99_and_no_hours_are_times_and_an_end_before_the_start_is_dropped() -> None:
    text = "WEBVTT\n\n123:00:01.500 --> 123:00:02.000\na\n\n01:02.250 --> 00:01.000\nb\n"
    assert [(item.start_ms, item.end_ms) for item in session(text).utterances] == [
        (442_801_500, 442_802_000),
        (62_250, None),
    ]


def test_content_decides_and_binary_is_refused() -> None:
    assert rank(webvtt("a: b")) == 98
    assert rank(srt("a")) == 74
    assert rank("WEBVTTX\n") == 0
    assert rank(b"WEBVTT\n\n\x00\x01") == 0
    assert rank("1\n2\n3\n") == 0
    assert rank('{"a": "00:00:01.000 --> 00:00:02.000"}') == 0


def test_white_space_alone_is_dismissed_at_once() -> None:
    assert rank("\u00a0" * 32_000 + "x") == 0  # seconds, where the pattern for an SRT opening gives space back


def metadata(*payloads: str) -> str:
    cues = (f"00:00:{n:02d}.500 --> 00:00:{n + 1:02d}.000\n{text}\n" for n, text in enumerate(payloads, 16))
    return "WEBVTT\n\n" + "\n".join(cues)


SPOKEN = (
    '{"startDateTime":"2026-03-12T08:30:20.5+00:00","endDateTime":"2026-03-12T08:30:21+00:00",'
    '"speakerName":"Mara Lindqvist","spokenText":"Hello:  all.","spokenLanguage":"en-us"}'
)


def test_metadata_content_tells_who_spoke_when_by_the_clock() -> None:
    found = session(metadata(SPOKEN, SPOKEN.replace("Hello:  all.", " ")))
    (only,) = found.utterances
    assert (only.speaker, only.text, only.start_ms) == ("Mara Lindqvist", "Hello: all.", 16_500)
    assert only.said_at == datetime(2026, 3, 12, 8, 30, 20, 500_000, tzinfo=UTC)
    assert (found.started_at, found.time_basis) == (datetime(2026, 3, 12, 8, 30, 4, tzinfo=UTC), "source")
    assert (found.set_aside, found.notes) == ((("no words", 1),), ("unconfirmed format: Teams metadataContent",))


def test_a_cut_payload_of_metadata_content_is_rejected() -> None:
    rejected, kept = read(metadata(SPOKEN, SPOKEN[:60]))
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.where) == ("no JSON object with spokenText", "line 6")
    assert isinstance(kept, Session)


@pytest.mark.parametrize(
    "changed",
    [
        SPOKEN.replace('"Mara Lindqvist"', "7"),
        SPOKEN.replace("2026-03-12T08", "9999-99-99T08"),
        SPOKEN.replace('"2026-03-12T08:30:20.5+00:00"', "1e400"),
        SPOKEN.replace("2026-03-12T08:30:20.5+00:00", "0001-01-01T00:00:00+00:00"),
        SPOKEN.replace("Hello", "\\ud83d"),
        SPOKEN.replace('"en-us"', "[" * 3_000 + "]" * 3_000),
    ],
)
def test_values_of_any_type_in_metadata_content_break_nothing(changed: str) -> None:
    source = stdin_source(metadata(changed, SPOKEN).encode(), Declared())
    items = list(READER.read(source))
    assert accounted(items) == READER.count(source) == 2


def test_words_about_spoken_text_in_ordinary_captions_are_words() -> None:
    assert said(webvtt('Mara: {"spokenText" is the key}'))[0][0] == "Mara"


def test_the_footer_that_speech_recognition_hears_is_set_aside() -> None:
    assert session(srt("hello", "Transcribed by https://otter.ai")).set_aside == (("export note", 1),)


def test_sub_cues_and_cues_out_of_order_stay_as_they_come() -> None:
    text = (
        f"WEBVTT\n\n{GUID}/7-0\n00:00:05.000 --> 00:00:06.000\n<v Mara>we drop</v>\n\n"
        f"{GUID}/7-1\n00:00:04.900 --> 00:00:06.500\n<v Mara>test orders</v>\n"
    )
    assert [(item.native_id, item.start_ms) for item in session(text).utterances] == [
        (f"{GUID}/7-0", 5_000),
        (f"{GUID}/7-1", 4_900),
    ]


def test_the_same_words_give_the_same_identity_and_other_words_another() -> None:
    first, again, other = (session(text).native_id for text in (webvtt("A: b"), webvtt("A: b"), webvtt("A: c")))
    assert first == again != other


def test_nothing_binary_or_of_another_encoding_is_read() -> None:
    with pytest.raises(WrongEncoding, match="byte 8"):
        read(b"WEBVTT\n\n\xff")
    with pytest.raises(SourceMalformed, match="NUL"):
        read(b"WEBVTT\n\n\x00")
    with pytest.raises(SourceEmpty):
        read(b" \n")


def test_the_planning_meeting_is_read_whole() -> None:
    source = file_source(SAMPLES / "2026-03-03-orders-planning.vtt", Declared())
    (meeting,) = reader_for(source).read(source)
    assert isinstance(meeting, Session)
    assert (meeting.kept, meeting.time_basis) == (len(meeting.utterances), "name")
    assert {item.speaker for item in meeting.utterances} == {
        "Mara Lindqvist",
        "Tomás Rey",
        "Priya Nair",
        "Jonas Weber",
        "Aiko Tan",
    }
    assert any("let's go with DuckDB" in item.text for item in meeting.utterances)


_PIECES = st.sampled_from(
    "WEBVTT|\n|\n\n|\r\n| |00:01.000 --> 00:02.000|7|NOTE x|STYLE|Mara: |<v A>|</v>|<c>|&amp;|&#0;|[Music]|- |>> |-->|"
    "\u2028|\x85|e\u0301|words|91b3f3c3-44c6-4a8b-8c0a-add105d816bd".split("|")
)


@given(st.lists(_PIECES, max_size=40).map("".join), st.booleans())
def test_every_block_is_kept_set_aside_or_rejected(body: str, opens: bool) -> None:
    text = ("WEBVTT\n\n" if opens else "") + body
    source = stdin_source(text.encode() or b" ", Declared())
    try:
        items = list(READER.read(source))
    except SourceError:
        return
    assert accounted(items) == READER.count(source)
    assert all(item.text.strip() for one in items if isinstance(one, Session) for item in one.utterances)


@pytest.mark.parametrize("folder", ["meeting-zoom", "meeting-teams", "meeting-subtitles"])
def test_real_captions_add_up(folder: str) -> None:
    if not (SHARED / folder).is_dir():
        pytest.skip(f"the sample collection {folder} is not beside this checkout")
    files = [path for path in sorted((SHARED / folder).iterdir()) if path.suffix in {".vtt", ".srt"}]
    assert files
    for path in files:
        source = file_source(path, Declared())
        assert READER.accepts(source) >= 74, path.name
        assert accounted(list(READER.read(source))) == READER.count(source), path.name
