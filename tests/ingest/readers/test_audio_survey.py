"""Which channels and tracks are voices of their own, on files with two people who take turns."""

from pathlib import Path

import numpy as np
import pytest

from ingest.readers.audio_decode import recording
from ingest.readers.audio_survey import Survey, bleeding, survey
from ingest.sources import Declared, file_source
from tests.sound import Samples, conversation, write

TURNS = (
    (0, "Shall we keep the orders model in the warehouse, or move it?"),
    (1, "I would move it to DuckDB, the bill is too high."),
    (0, "Fine, then we move it before the end of the month."),
    (1, "And we tell finance on Friday."),
)


@pytest.fixture(scope="module")
def people() -> list[Samples]:
    channels, _ = conversation(TURNS, gap_s=0.6)
    noise = np.random.default_rng(5)
    return [one + noise.standard_normal(len(one)).astype(np.float32) * 0.0005 for one in channels]


def found(path: Path, *, mixed: bool = False) -> Survey:
    source = file_source(path, Declared())
    return survey(source, recording(source), mixed=mixed)


def labels(told: Survey) -> list[str]:
    return [one.label for one in told.voices]


def test_people_with_a_microphone_each_are_voices(tmp_path: Path, people: list[Samples]) -> None:
    told = found(write(tmp_path / "m.wav", [people]))
    assert labels(told) == ["Channel 1", "Channel 2"]
    assert [one.keys for one in told.voices] == [("channel 1", "1", "left"), ("channel 2", "2", "right")]
    assert told.notes == ()


def test_a_faint_echo_of_the_other_does_not_join_them(tmp_path: Path, people: list[Samples]) -> None:
    one, other = people
    told = found(write(tmp_path / "m.wav", [[one + other * 0.05, other + one * 0.05]]))
    assert labels(told) == ["Channel 1", "Channel 2"]
    drowned = bleeding(told.voices[0], told.voices)
    loud = told.voices[1].levels > -30
    assert drowned[loud].mean() > 0.5
    assert drowned[told.voices[0].levels > -30].mean() < 0.05


def test_two_microphones_in_one_room_hear_one_sound(tmp_path: Path, people: list[Samples]) -> None:
    one, other = people
    told = found(write(tmp_path / "m.wav", [[one + other * 0.6, one * 0.5 + other]]))
    assert labels(told) == ["Recording"]
    assert told.voices[0].channel is None
    assert told.notes == ("channels that sound alike were read as one",)


def test_a_channel_without_sound_is_left_out(tmp_path: Path, people: list[Samples]) -> None:
    told = found(write(tmp_path / "m.wav", [[people[0] * 0, people[0] + people[1]]]))
    assert [(one.label, one.channel) for one in told.voices] == [("Channel 2", 1)]
    assert told.voices[0].keys == ("channel 2", "2", "right", "track 1")
    assert told.notes == ("there is sound in channel 2 alone",)


def test_channels_that_cancel_each_other_out_are_not_mixed(tmp_path: Path, people: list[Samples]) -> None:
    both = people[0] + people[1]
    told = found(write(tmp_path / "m.wav", [[both * 0.9, -both]]))
    assert [one.channel for one in told.voices] == [1]
    assert "channels that cancel each other out: channel 2 was read" in told.notes


def test_what_is_missing_in_the_middle_is_not_said_to_be_cut_off(tmp_path: Path, people: list[Samples]) -> None:
    path = write(tmp_path / "m.mp3", [[people[0]]], codec="libmp3lame", rate=44_100)
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 30_000] = bytes(30_000)
    path.write_bytes(data)
    told = " / ".join(found(path).notes)
    assert "damaged: " in told
    assert "cut off" not in told


def test_tracks_of_one_title_are_told_apart_by_their_numbers(tmp_path: Path, people: list[Samples]) -> None:
    told = found(write(tmp_path / "m.mkv", [[one] for one in people], codec="aac", titles={0: "Mic", 1: "Mic"}))
    assert labels(told) == ["Track 1", "Track 2"]


def test_the_mix_beside_its_parts_is_left_out(tmp_path: Path, people: list[Samples]) -> None:
    mix = (people[0] + people[1]) * np.float32(0.5)
    told = found(write(tmp_path / "m.mkv", [[mix, mix], [people[0]], [people[1]]], codec="aac"))
    assert labels(told) == ["Track 2", "Track 3"]
    assert "Track 1 is the mix of others and was left out" in told.notes
    told = found(write(tmp_path / "poly.wav", [[mix, mix, *people]]))
    assert labels(told) == ["Channel 3", "Channel 4"]


def test_a_track_that_repeats_another_is_left_out(tmp_path: Path, people: list[Samples]) -> None:
    told = found(
        write(tmp_path / "m.mkv", [[people[0]], [people[0] * 0.8]], codec="aac", titles={0: "Mara", 1: "Copy"})
    )
    assert labels(told) == ["Mara"]
    assert "Copy repeats another one and was left out" in told.notes


def test_surround_sound_is_one_voice(tmp_path: Path, people: list[Samples]) -> None:
    told = found(write(tmp_path / "m.m4a", [[people[0], people[1], *([people[0]] * 4)]], codec="aac", rate=48_000))
    assert labels(told) == ["Recording"]


def test_who_speaks_when_being_told_otherwise_channels_are_mixed(tmp_path: Path, people: list[Samples]) -> None:
    told = found(write(tmp_path / "m.wav", [people]), mixed=True)
    assert [(one.label, one.channel) for one in told.voices] == [("Recording", None)]


def test_a_track_that_starts_late_keeps_the_players_clock(tmp_path: Path, people: list[Samples]) -> None:
    import av  # noqa: PLC0415  beside its only use

    whole = write(tmp_path / "m.mkv", [[people[0]], [people[1]]], codec="aac")
    late = tmp_path / "late.mkv"
    with av.open(str(whole)) as given, av.open(str(late), "w") as made:
        copies = {stream.index: made.add_stream_from_template(stream) for stream in given.streams.audio}
        for packet in given.demux(given.streams.audio):
            if packet.pts is None:
                continue
            if packet.stream.index == 1:
                packet.pts += round(3 / packet.time_base)
                packet.dts = packet.pts
            packet.stream = copies[packet.stream.index]
            made.mux(packet)
    first = [float(np.argmax(one.levels > -40)) / 10 for one in found(whole).voices]
    shifted = [float(np.argmax(one.levels > -40)) / 10 for one in found(late).voices]
    assert shifted == pytest.approx([first[0], first[1] + 3], abs=0.11)
