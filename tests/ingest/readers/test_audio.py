"""Recordings end to end, but for the words: real files, real decoding and detection of speech, a scripted Whisper."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.errors import HearingMissing, NoReader, NoSound, SourceError, SourceMalformed
from ingest.hearing import Heard, Hearing
from ingest.pipeline import Reading, extract, read
from ingest.readers.audio import READER
from ingest.records import Session
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source
from tests.sound import Line, Samples, Scripted, conversation, hearing, pause, speech, write

MEETING = (
    (0, "Let's go with DuckDB for the mart because it needs no server."),
    (1, "Agreed, DuckDB it is. We drop Postgres."),
)
FORMS = {
    "m.wav": ("pcm_s16le", 16_000),
    "telephone.wav": ("pcm_s16le", 8_000),
    "m.flac": ("flac", 44_100),
    "m.mp3": ("libmp3lame", 44_100),
    "m.m4a": ("aac", 48_000),
    "m.mov": ("pcm_s16le", 48_000),
    "m.ogg": ("libopus", 48_000),
    "m.webm": ("libopus", 48_000),
    "m.aiff": ("pcm_s16be", 22_050),
    "m.avi": ("mp2", 44_100),
    "m.aac": ("aac", 32_000),
    "m.ts": ("aac", 48_000),
}


@pytest.fixture(scope="module")
def said() -> tuple[list[Samples], list[Line]]:
    return conversation(MEETING)


@pytest.fixture
def heard(tmp_path: Path, said: tuple[list[Samples], list[Line]]) -> Callable[..., Reading]:
    """Reads a file with a scripted Whisper that knows what is said in the meeting."""

    def reading(path: Path, script: Scripted | None = None, **changes: object) -> Reading:
        asked = hearing(tmp_path, script or Scripted(said[1]), **changes)
        return read(file_source(path, Declared(hearing=asked)), READER)

    return reading


def only(reading: Reading) -> Session:
    assert len(reading.sessions) == 1
    return reading.sessions[0]


@pytest.mark.parametrize("name", FORMS)
def test_every_kind_of_file_is_known_by_its_content_and_heard_at_the_right_moment(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading], name: str
) -> None:
    channels, lines = said
    codec, rate = FORMS[name]
    path = write(tmp_path / name, [[channels[0] + channels[1]]], codec=codec, rate=rate)
    assert reader_for(stdin_source(path.read_bytes(), Declared(stdin_name="export"))) is READER
    both = Scripted([replace(line, voice=0) for line in lines])
    reading = heard(path, both)
    assert [one.text for one in only(reading).utterances] == [
        "Let's go with DuckDB for the mart because it needs no server.",
        "Agreed, DuckDB it is.",
        "We drop Postgres.",
    ]
    assert [(first // 1000, (end + 999) // 1000) for _, first, end in both.heard] == [(0, 5), (6, 10)]
    assert reading.read == reading.kept == 2


def test_two_channels_that_differ_are_two_speakers(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    session = only(heard(write(tmp_path / "call.wav", [said[0]])))
    assert [(one.speaker, one.locator, one.start_ms, one.end_ms) for one in session.utterances] == [
        ("Channel 1", "00:00:00.800", said[1][0].start_ms, said[1][0].end_ms),
        ("Channel 2", f"00:00:{said[1][1].start_ms / 1000:06.3f}", said[1][1].start_ms, session.utterances[1].end_ms),
        ("Channel 2", session.utterances[2].locator, session.utterances[2].start_ms, said[1][1].end_ms),
    ]


def test_a_scripted_meeting_gives_its_decision_with_the_second_it_was_said(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    session = only(heard(write(tmp_path / "call.m4a", [said[0]], codec="aac")))
    candidates = extract(session).candidates
    chosen = [span for one in candidates for part in one.parts if part.kind == "choice" for span in part.spans]
    assert "DuckDB" in chosen[0].quote
    utterance = session.utterances[chosen[0].utterance_index]
    assert utterance.start_ms is not None
    assert abs(utterance.start_ms - said[1][0].start_ms) < 100
    assert utterance.text[chosen[0].start_char : chosen[0].end_char] == chosen[0].quote


def test_one_sound_in_two_channels_is_nobodys(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    mixed = said[0][0] + said[0][1]
    both = Scripted([replace(line, voice=0) for line in said[1]])
    session = only(heard(write(tmp_path / "mono.wav", [[mixed, mixed * 0.7]]), both))
    assert {one.speaker for one in session.utterances} == {None}
    assert "speakers unknown" in session.notes
    assert "channels that sound alike were read as one" in session.notes


def test_tracks_of_a_film_are_speakers_by_their_titles(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    tracks = [[said[0][0]], [said[0][1]]]
    path = write(tmp_path / "two.mkv", tracks, codec="aac", titles={0: "Mara", 1: "Jonas"})
    assert [one.speaker for one in only(heard(path)).utterances] == ["Mara", "Jonas", "Jonas"]


def test_a_silent_recording_is_counted_and_says_nothing(tmp_path: Path, heard: Callable[..., Reading]) -> None:
    reading = heard(write(tmp_path / "silent.wav", [[pause(40)]]))
    assert (reading.read, reading.kept, reading.set_aside) == (1, 0, (("silence", 1),))
    assert only(reading).utterances == ()


def test_noise_without_speech_is_silence_too(tmp_path: Path, heard: Callable[..., Reading]) -> None:
    hum = np.sin(np.arange(20 * 16_000) * 2 * np.pi * 120 / 16_000).astype(np.float32) * 0.2
    reading = heard(write(tmp_path / "hum.wav", [[hum]]))
    assert reading.set_aside == (("silence", 1),)


def test_speech_of_which_the_model_makes_nothing_is_set_aside(tmp_path: Path, heard: Callable[..., Reading]) -> None:
    reading = heard(write(tmp_path / "a.wav", [[np.concatenate([pause(1), speech("what was that"), pause(1)])]]))
    assert (reading.read, reading.kept, reading.set_aside) == (1, 0, (("no words", 1),))


def test_a_film_without_sound_is_an_error_that_says_so(tmp_path: Path, heard: Callable[..., Reading]) -> None:
    import av  # noqa: PLC0415  beside its only use

    path = tmp_path / "mute.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(5):
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(NoSound, match="no sound track"):
        heard(path)


@pytest.mark.parametrize("name", ["m.wav", "m.flac", "m.mp3", "m.ogg"])
def test_of_a_truncated_recording_what_could_be_decoded_is_kept_and_said(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading], name: str
) -> None:
    codec, rate = FORMS[name]
    whole = write(tmp_path / name, [[said[0][0] + said[0][1]]], codec=codec, rate=rate).read_bytes()
    path = tmp_path / f"cut-{name}"
    path.write_bytes(whole[: len(whole) * 55 // 100])
    session = only(heard(path, Scripted([replace(line, voice=0) for line in said[1]])))
    assert session.utterances[0].text.startswith("Let's go with DuckDB")
    assert any(note.startswith("cut off: ") for note in session.notes)


@pytest.mark.parametrize("name", ["m.flac", "m.mp3", "m.m4a", "m.ogg", "m.webm"])
def test_damaged_places_are_passed_over_and_said(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading], name: str
) -> None:
    codec, rate = FORMS[name]
    data = bytearray(write(tmp_path / name, [[said[0][0] + said[0][1]]], codec=codec, rate=rate).read_bytes())
    at = len(data) * 45 // 100
    data[at : at + 600] = bytes(range(200)) * 3
    path = tmp_path / f"hurt-{name}"
    path.write_bytes(data)
    session = only(heard(path, Scripted([replace(line, voice=0) for line in said[1]])))
    told = ("could not be decoded", "could be decoded", "read as silence")
    assert any(words in note for note in session.notes for words in told)
    assert session.utterances[0].start_ms == said[1][0].start_ms


def test_a_film_cut_off_before_its_index_is_an_error_that_says_so(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    whole = write(tmp_path / "m.m4a", [said[0]], codec="aac").read_bytes()
    path = tmp_path / "cut.m4a"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceMalformed, match="cut off before its index"):
        heard(path)


@pytest.mark.parametrize("name", ["m.wav", "m.mp3", "m.m4a", "m.ogg", "m.webm", "m.flac"])
def test_a_recording_cut_anywhere_still_adds_up_or_is_refused_with_a_reason(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], name: str
) -> None:
    codec, rate = FORMS[name]
    data = write(tmp_path / name, [[speech("we go with DuckDB")]], codec=codec, rate=rate).read_bytes()
    asked = hearing(tmp_path, Scripted(said[1]))
    for at in range(1, len(data), max(1, len(data) // 6)):
        cut = stdin_source(data[:at], Declared(stdin_name=name, hearing=asked))
        try:
            read(cut, reader_for(cut))  # raises when read is not kept + set aside + rejected
        except SourceError as error:
            assert str(error)


def test_a_wav_header_that_promises_nothing_or_everything_is_no_cut(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    data = bytearray(write(tmp_path / "m.wav", [said[0]]).read_bytes())
    at = data.index(b"data") + 4
    data[4:8] = data[at : at + 4] = b"\xff\xff\xff\xff"
    path = tmp_path / "streamed.wav"
    path.write_bytes(data)
    assert not any(note.startswith("cut off") for note in only(heard(path)).notes)


def test_without_a_hearing_the_error_says_what_to_name(tmp_path: Path) -> None:
    path = write(tmp_path / "m.wav", [[pause(1)]])
    with pytest.raises(HearingMissing, match="no model"):
        read(file_source(path, Declared()), READER)


def test_uncertain_segments_say_so_in_their_utterances_and_in_the_notes(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    path = write(tmp_path / "m.wav", [said[0]])
    marks = {"avg_logprob": -1.31, "no_speech_prob": 0.2, "compression_ratio": 1.4}
    session = only(heard(path, Scripted(said[1], marks=marks)))
    assert {one.doubt for one in session.utterances} == {"low log-probability -1.31"}
    assert "uncertain words in 3 of 3 utterances" in session.notes


def test_what_whisper_makes_of_silence_is_set_aside_as_in_its_json(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    path = write(tmp_path / "m.wav", [said[0]])
    marks = {"avg_logprob": -1.4, "no_speech_prob": 0.9}
    reading = heard(path, Scripted(said[1], marks=marks))
    assert (reading.kept, reading.set_aside) == (0, (("no speech", 2),))


def test_a_segment_that_only_repeats_the_hot_words_is_set_aside(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    path = write(tmp_path / "m.wav", [said[0]])
    echo = [replace(said[1][0], words="stg orders, dim customer, fct payments, mart"), said[1][1]]
    names = ("stg orders", "dim customer", "fct payments", "mart revenue")
    reading = heard(path, Scripted(echo), hot_words=names)
    assert (reading.kept, reading.set_aside) == (1, (("echoed prompt", 1),))


def test_the_same_words_again_after_a_pause_are_no_loop(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    sound = np.tile(said[0][0] + said[0][1], 2)
    length = len(said[0][0]) // 16
    lines = [
        Line(0, "Yes.", line.start_ms + at * length, line.end_ms + at * length) for at in range(2) for line in said[1]
    ]
    reading = heard(write(tmp_path / "m.wav", [[sound]]), Scripted(lines))
    assert [one.text for one in only(reading).utterances] == ["Yes."] * 4
    first = said[1][0]
    loop = [
        replace(first, words="Yes.", start_ms=first.start_ms + at * 500, end_ms=first.start_ms + at * 500 + 400)
        for at in range(5)
    ]
    looping = heard(write(tmp_path / "n.wav", [said[0]]), Scripted(loop))
    assert (looping.kept, looping.set_aside) == (2, (("no words", 1), ("repeated segment", 3)))


def test_a_secret_that_is_said_or_stands_in_a_title_is_masked(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    secret = "ghp_" + "a1B2" * 9
    script = [replace(said[1][0], words=f"The token is {secret} for now."), said[1][1]]
    tracks = [[said[0][0]], [said[0][1]]]
    path = write(tmp_path / "m.mkv", tracks, codec="aac", titles={1: secret}, metadata={"title": f"Sync {secret}"})
    session = only(heard(path, Scripted(script)))
    assert secret in session.utterances[0].text
    assert secret not in repr(extract(session))


def test_a_sentence_that_goes_on_in_the_next_segment_stays_one(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    first = said[1][0]
    half = (first.start_ms + first.end_ms) // 2
    halves = [
        replace(first, words="We go with", end_ms=half),
        replace(first, words="DuckDB for the mart.", start_ms=half),
    ]
    session = only(heard(write(tmp_path / "m.wav", [said[0]]), Scripted(halves)))
    assert [one.text for one in session.utterances] == ["We go with DuckDB for the mart."]


def test_words_without_spaces_between_them_stay_together(tmp_path: Path, heard: Callable[..., Reading]) -> None:
    from ingest.hearing import Spoken, SpokenWord, Stretch  # noqa: PLC0415  beside its only use

    class Japanese(Scripted):
        def _of(self, stretch: Stretch) -> list[Spoken]:
            words = [
                SpokenWord(text, 1000 + at * 300, 1300 + at * 300) for at, text in enumerate(("ダック", "に", "する。"))
            ]
            return [Spoken("ダックにする。", 1000, 1900, tuple(words))]

    path = write(tmp_path / "m.wav", [[np.concatenate([pause(1), speech("what was that"), pause(1)])]])
    session = only(heard(path, Japanese([], told="ja")))
    assert [(one.text, one.start_ms, one.end_ms) for one in session.utterances] == [("ダックにする。", 1000, 1900)]
    assert session.language == "ja"


def test_ingesting_again_hears_nothing_twice_and_gives_the_same(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    path = write(tmp_path / "m.wav", [said[0]])
    first = heard(path)
    again = Scripted(said[1])
    assert heard(path, again, hot_words=("DuckDB",)) == first
    assert again.heard == []


def test_another_prompt_or_task_is_another_transcript(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    path = write(tmp_path / "m.wav", [said[0]])
    heard(path)
    for changes in ({"prompt": "A meeting about DuckDB."}, {"task": "translate"}, {"language": "de"}):
        again = Scripted(said[1])
        session = only(heard(path, again, **changes))
        assert again.heard
    assert session.language == "de"


def test_a_killed_run_goes_on_after_its_last_finished_batch(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    path = write(tmp_path / "m.wav", [[np.tile(said[0][0] + said[0][1], 3)]])
    length = len(said[0][0]) // 16
    lines = [
        Line(0, line.words, line.start_ms + at * length, line.end_ms + at * length)
        for at in range(3)
        for line in said[1]
    ]
    killed = Scripted(lines, stop_after=3)
    with pytest.raises(KeyboardInterrupt):
        heard(path, killed, batch_size=1)
    resumed = Scripted(lines)
    reading = heard(path, resumed, batch_size=1)
    assert killed.heard + resumed.heard == sorted(killed.heard + resumed.heard)
    assert len(killed.heard) == 3
    whole = Scripted(lines)
    assert reading == heard(path, whole, batch_size=1, cache=tmp_path / "fresh")
    assert whole.heard == killed.heard + resumed.heard


def test_a_kept_stretch_that_cannot_be_read_is_heard_again(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    path = write(tmp_path / "m.wav", [said[0]])
    first = heard(path)
    for kept in (tmp_path / "cache").rglob("transcript.json"):
        kept.write_text('{"language": "en", "voi')
    again = Scripted(said[1])
    assert heard(path, again) == first
    assert again.heard


def test_what_is_kept_can_be_read_by_its_owner_alone(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    heard(write(tmp_path / "m.wav", [said[0]]))
    kept = list((tmp_path / "cache").rglob("*.json"))
    assert [path.name for path in kept] == ["transcript.json"]
    assert kept[0].stat().st_mode & 0o077 == 0


def test_progress_is_told_from_nothing_to_all_with_the_real_time_factor_and_memory(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    told: list[Heard] = []
    heard(write(tmp_path / "m.wav", [said[0]]), tell=told.append, batch_size=1)
    assert [one.done_s for one in told] == sorted(one.done_s for one in told)
    assert told[0].done_s == 0
    assert told[0].factor is None
    assert told[-1].done_s == told[-1].total_s == pytest.approx(2 * len(said[0][0]) / 16_000)
    assert told[-1].factor is not None
    assert told[-1].factor > 0
    assert told[-1].peak_bytes is None or told[-1].peak_bytes > 10_000_000


def test_what_an_earlier_run_heard_makes_no_run_look_faster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real-time factor is of the sound heard now; with nothing heard now there is none."""
    channels, lines = conversation([(0, "This is said."), (0, "So is this."), (0, "And this.")], voices=["en-us"])
    source = file_source(write(tmp_path / "m.wav", [channels]), Declared())
    killed = Scripted(lines, stop_after=2)
    with pytest.raises(KeyboardInterrupt):
        read(replace(source, hearing=hearing(tmp_path, killed, batch_size=1)), READER)
    told: list[Heard] = []

    def cut_off_at_last(one: Heard) -> None:
        told.append(one)
        if one.done_s == one.total_s:
            raise KeyboardInterrupt

    later = 1e12
    """So much that when the run began does not matter."""
    monkeypatch.setattr("ingest.readers.audio_transcript.time.monotonic", lambda: later)
    asked = hearing(tmp_path, Scripted(lines), batch_size=1, tell=cut_off_at_last)
    with pytest.raises(KeyboardInterrupt):
        read(replace(source, hearing=asked), READER)
    fresh_s = told[-1].total_s - killed.heard[-1][2] / 1000
    assert later / (told[-1].factor or 0) == pytest.approx(fresh_s, rel=1e-3)
    with pytest.raises(KeyboardInterrupt):
        read(replace(source, hearing=asked), READER)
    assert told[-1].factor is None


def test_without_a_cache_folder_the_transcript_lives_as_long_as_the_process(
    tmp_path: Path, said: tuple[list[Samples], list[Line]]
) -> None:
    script = Scripted(said[1])
    asked = Hearing("small", tmp_path, transcriber=script)
    reading = read(file_source(write(tmp_path / "m.wav", [said[0]]), Declared(hearing=asked)), READER)
    assert reading.kept == 2
    assert len(script.heard) == 2  # counting found what reading had kept


def test_title_and_date_come_from_the_recording(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    told = {"title": "Weekly data sync", "creation_time": "2026-03-03T09:30:00.000000Z"}
    session = only(heard(write(tmp_path / "m.m4a", [said[0]], codec="aac", metadata=told)))
    assert session.title == "Weekly data sync"
    assert (str(session.started_at), session.time_basis) == ("2026-03-03 09:30:00+00:00", "assumed")


def test_the_same_sound_is_the_same_meeting_wherever_it_lies(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], heard: Callable[..., Reading]
) -> None:
    one = write(tmp_path / "a.wav", [said[0]])
    other = tmp_path / "b.wav"
    other.write_bytes(one.read_bytes())
    sessions = only(heard(one)), only(heard(other))
    assert sessions[0].native_id == sessions[1].native_id
    assert sessions[0].identity == "native"


@pytest.mark.parametrize(
    "data",
    [
        b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(40),
        b"\x00\x00\x00\x18ftypheic" + bytes(40),
        "\ufeffHello everybody, we go with it".encode("utf-16"),
        b"\xff\xfb" + bytes(500),
        b"ID3 is a tag of MP3 files",
        b"G" * 1000,
    ],
    ids=["webp", "heic", "utf-16 text", "one false frame", "text that begins with ID3", "letters"],
)
def test_what_only_resembles_a_recording_is_none(data: bytes) -> None:
    try:
        assert reader_for(stdin_source(data, Declared())) is not READER
    except NoReader as error:
        assert "audio" in error.known


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path) -> Iterator[None]:
    yield
    assert not list(tmp_path.rglob("*.part"))
