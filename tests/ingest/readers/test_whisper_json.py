"""The Whisper family: shapes, units of time, speakers, and what is set aside as hallucination."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceEmpty, SourceError, SourceMalformed
from ingest.readers.whisper_json import READER
from ingest.records import Rejected, Session, Source
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "data" / "samples" / "whisper_json" / "2026-03-17-exchange-rates.json"
SHARED = ROOT.parent / "shared" / "samples" / "asr-json"


def source(document: object) -> Source:
    text = document if isinstance(document, str) else json.dumps(document)
    return stdin_source(text.encode(), Declared())


def read(document: object) -> list[Session | Rejected]:
    return list(READER.read(source(document)))


def session(document: object) -> Session:
    (only,) = (item for item in read(document) if isinstance(item, Session))
    return only


def segment(text: str, **more: object) -> dict[str, object]:
    return {"start": 0.0, "end": 1.0, "text": text, **more}


def accounted(items: list[Session | Rejected]) -> int:
    sessions = [item for item in items if isinstance(item, Session)]
    aside = sum(units for item in sessions for _, units in item.set_aside)
    return sum(item.kept for item in sessions) + aside + sum(i.units for i in items if isinstance(i, Rejected))


def test_seconds_become_whole_milliseconds_and_the_leading_space_goes() -> None:
    (only,) = session({"segments": [segment(" Go ahead.", start=10.8, end=11.1604)], "language": "en"}).utterances
    assert (only.text, only.start_ms, only.end_ms, only.locator) == ("Go ahead.", 10_800, 11_160, "/segments/0")


def test_whisper_cpp_offsets_are_milliseconds_and_timestamps_stand_in() -> None:
    stamps = {"from": "00:00:01,500", "to": "00:00:02,000"}
    document = {
        "transcription": [
            {"timestamps": stamps, "offsets": {"from": 0, "to": 1_500}, "text": " a"},
            {"timestamps": stamps, "text": " b"},
        ]
    }
    assert [(item.start_ms, item.end_ms) for item in session(document).utterances] == [(0, 1_500), (1_500, 2_000)]
    assert READER.accepts(source(document)) == 53


def test_a_bare_list_of_segments_is_read() -> None:
    assert session([segment("a"), segment("b")]).utterances[1].locator == "/1"
    assert READER.accepts(source([segment("a")])) == 46


def test_speakers_come_from_the_segment_or_from_words_that_agree() -> None:
    agreeing = [{"word": "a", "speaker": "SPEAKER_01"}, {"word": "5"}]
    parted = [{"word": "a", "speaker": "SPEAKER_01"}, {"word": "b", "speaker": "SPEAKER_00"}]
    document = [
        segment("a", speaker="SPEAKER_00"),
        segment("b", words=agreeing),
        segment("c", words=parted),
        segment("d", speaker=2),
    ]
    speakers = [item.speaker for item in session({"segments": document}).utterances]
    assert speakers == ["SPEAKER_00", "SPEAKER_01", None, "2"]


@pytest.mark.parametrize(
    ("no_speech_prob", "avg_logprob", "kept"), [(0.61, -1.01, 0), (0.61, -0.9, 1), (0.6, -1.5, 1), (None, None, 1)]
)
def test_silence_is_set_aside_only_beyond_both_of_whispers_limits(
    no_speech_prob: float | None, avg_logprob: float | None, kept: int
) -> None:
    found = session([segment("Thank you.", no_speech_prob=no_speech_prob, avg_logprob=avg_logprob)])
    assert (found.kept, found.set_aside) == (kept, () if kept else (("no speech", 1),))


def test_a_loop_keeps_its_first_two_and_two_of_a_kind_are_speech() -> None:
    assert session([segment("Yeah."), segment("yeah")]).kept == 2
    looped = session([segment("So, we go."), *[segment("so we go")] * 4, segment("b")])
    assert (looped.kept, looped.set_aside) == (3, (("repeated segment", 3),))


def test_a_repeat_that_compresses_too_well_is_a_loop() -> None:
    found = session([segment("no no no", compression_ratio=3.0)] * 2)
    assert (found.kept, found.set_aside) == (1, (("repeated segment", 1),))


def test_credit_lines_and_blank_segments_are_nobodys_words() -> None:
    texts = ["Transcribed by https://otter.ai", "Subtitles by the Amara.org community", " ", "I use otter.ai"]
    found = session([segment(text) for text in texts])
    assert found.set_aside == (("credit line", 2), ("no words", 1))
    assert [item.text for item in found.utterances] == ["I use otter.ai"]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (5, "not an object"),
        ({"start": 0}, "no text"),
        (segment("a", start="soon"), "start is not a number of seconds"),
        (segment("a", end=True), "end is not a number of seconds"),
        (segment("a", end=10**30), "end is not a number of seconds"),
    ],
)
def test_a_bad_segment_is_rejected_with_its_pointer(item: object, reason: str) -> None:
    rejected, kept = read({"segments": [segment("before"), item]})
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.where) == (reason, "/segments/1")
    assert isinstance(kept, Session)


@pytest.mark.parametrize(
    ("words", "no_speech_prob", "rule"),
    [
        ("Thanks for watching!", 0.44, "stock phrase"),
        ("Thanks for watching!", 0.1, None),
        ("Thanks for watching!", None, None),
        ("Thanks for watching the build while I was out.", 0.44, None),
        ("[BLANK_AUDIO]", None, "sound"),
        ("(upbeat music)", None, "sound"),
        ("♪ ♪", None, "sound"),
        ("(we kept it)", None, None),
        ("Music to my ears.", None, None),
    ],
)
def test_what_the_model_makes_of_silence_and_noise_is_nobodys_words(
    words: str, no_speech_prob: float | None, rule: str | None
) -> None:
    found = session([segment(words, no_speech_prob=no_speech_prob)])
    assert found.set_aside == (((rule, 1),) if rule else ())


def test_words_alone_become_sentences() -> None:
    words = [{"word": word, "start": at, "end": at + 0.2} for at, word in enumerate(["We", "wait.", "Why?"])]
    document = {"task": "transcribe", "language": "english", "text": "We wait. Why?", "words": words, "segments": None}
    assert READER.accepts(source(document)) == 53
    found = session(document)
    assert [(one.text, one.start_ms, one.locator) for one in found.utterances] == [
        ("We wait.", 0, "/words/0"),
        ("Why?", 2_000, "/words/2"),
    ]
    assert (found.kept, found.notes[0]) == (3, "unconfirmed format: OpenAI API")


def test_chunks_of_the_hugging_face_pipeline_have_a_pair_of_seconds() -> None:
    chunks = [{"text": " a", "timestamp": [0.5, 2.0]}, {"text": " b", "timestamp": [2.0, None]}]
    document = {"text": " a b", "chunks": chunks}
    assert READER.accepts(source(document)) == 53
    assert [(one.start_ms, one.end_ms) for one in session(document).utterances] == [(500, 2_000), (2_000, None)]


@pytest.mark.parametrize(
    ("document", "maker"),
    [
        ({"segments": [segment("a")], "word_segments": [], "language": "en"}, "WhisperX"),
        ({"segments": [segment("a", words=[{"word": "a", "score": 0.9}])]}, "WhisperX"),
        ({"task": "transcribe", "duration": 1, "text": "a", "segments": [segment("a", speaker="A")]}, "OpenAI API"),
        ({"transcription": [{"offsets": {"from": 0, "to": 5}, "text": "a"}]}, "whisper.cpp"),
        ({"text": "a", "segments": [segment("a")], "language": "en"}, None),
    ],
)
def test_shapes_not_confirmed_by_a_real_file_say_so(document: object, maker: str | None) -> None:
    notes = [note for note in session(document).notes if note.startswith("unconfirmed")]
    assert notes == ([f"unconfirmed format: {maker}"] if maker else [])


def test_a_long_recording_whose_opening_is_all_text_is_still_known() -> None:
    document = {"text": "word " * 20_000, "segments": [segment("a")], "language": "en"}
    assert READER.accepts(source(document)) == 28
    assert session(document).kept == 1
    assert READER.accepts(source({"text": "word"})) == 0


@pytest.mark.parametrize("text", ["5", '{"segments": 5}', '{"segments": [', "{}"])
def test_a_document_without_segments_is_an_error(text: str) -> None:
    with pytest.raises(SourceMalformed, match="whisper_json"):
        read(text)


def test_no_segments_are_nothing_to_read_though_the_format_is_known() -> None:
    empty = {"text": "", "segments": [], "language": "en"}
    assert READER.accepts(source(empty)) == 53
    with pytest.raises(SourceEmpty):
        read(empty)


@pytest.mark.parametrize(
    "document",
    [
        {"results": {"speaker_labels": {"segments": [{"start_time": "0.1", "text": "a"}]}}},
        {"utterances": [{"start": 1, "text": "a"}]},
        {"segments": [{"name": "a"}]},
        {"note": '{"segments": [{"start": 0, "text": "a"}]}'},
        [1, 2],
    ],
)
def test_json_of_other_engines_is_not_accepted(document: object) -> None:
    assert READER.accepts(source(document)) == 0


def test_the_sample_call_is_read_by_this_reader_and_its_loop_cut() -> None:
    opened = file_source(SAMPLE, Declared())
    assert reader_for(opened).name == "whisper_json"
    (call,) = READER.read(opened)
    assert isinstance(call, Session)
    assert dict(call.set_aside) == {"no speech": 1, "repeated segment": 1}


@pytest.mark.parametrize("name", ["whisper-timestamped.apollo11.json", "whisper-timestamped.empty.json"])
def test_real_recordings_add_up(name: str) -> None:
    if not (SHARED / name).is_file():
        pytest.skip("the sample collection asr-json is not beside this checkout")
    opened = file_source(SHARED / name, Declared())
    assert READER.accepts(opened) == 53
    assert accounted(list(READER.read(opened))) == READER.count(opened)


_VALUE = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just({"from": 1, "to": "00:01"})
_KEYS = ["text", "start", "end", "speaker", "words", "offsets", "timestamps", "no_speech_prob", "avg_logprob"]
_SEGMENT = st.dictionaries(st.sampled_from(_KEYS), _VALUE | st.lists(_VALUE, max_size=2))


@given(st.lists(_SEGMENT | _VALUE, max_size=8), st.sampled_from(["segments", "transcription"]))
def test_every_segment_is_kept_set_aside_or_rejected(items: list[object], key: str) -> None:
    opened = source({key: items})
    try:
        found = list(READER.read(opened))
    except SourceError:
        return
    assert accounted(found) == READER.count(opened) == len(items)
