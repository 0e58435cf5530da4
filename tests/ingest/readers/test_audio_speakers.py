"""Who speaks, as rosters and diarisations say."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.errors import SourceMissing, SpeakersUnreadable
from ingest.pipeline import read
from ingest.readers.audio import READER
from ingest.readers.audio_speakers import roster, turns
from ingest.records import Session
from ingest.sources import Declared, file_source
from tests.sound import Line, Samples, Scripted, conversation, hearing, write

LINES = (
    (0, "Let's go with DuckDB for the mart because it needs no server."),
    (1, "Agreed, DuckDB it is."),
)


@pytest.fixture(scope="module")
def said() -> tuple[list[Samples], list[Line]]:
    return conversation(LINES)


def session(path: Path, said: list[Line], **changes: object) -> Session:
    asked = hearing(path.parent, Scripted(said), **changes)
    return read(file_source(path, Declared(hearing=asked)), READER).sessions[0]


def speakers(given: Session) -> list[str | None]:
    return [one.speaker for one in given.utterances]


def stereo(tmp_path: Path, said: tuple[list[Samples], list[Line]]) -> Path:
    return write(tmp_path / "standup.wav", [said[0]])


def mono(tmp_path: Path, said: tuple[list[Samples], list[Line]]) -> tuple[Path, list[Line]]:
    together = said[0][0] + said[0][1]
    return write(tmp_path / "standup.wav", [[together]]), [replace(line, voice=0) for line in said[1]]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("standup.roster.json", '{"1": "Mara", "2": "Jonas"}'),
        ("standup.roster.toml", 'left = "Mara"\n"Channel 2" = "Jonas"\n'),
        ("standup.roster.csv", "track,name\n1,Mara\nRIGHT,Jonas\n"),
    ],
)
def test_a_roster_beside_the_recording_names_its_channels(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], name: str, text: str
) -> None:
    path = stereo(tmp_path, said)
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert speakers(session(path, said[1])) == ["Mara", "Jonas"]


@pytest.mark.parametrize(
    ("roster", "named"),
    [('{"1": "Mara", "2": "Jonas"}', None), ('{"1": "Mara"}', "Mara"), ('{"recording": "Mara", "2": "X"}', "Mara")],
)
def test_a_mix_is_not_taken_for_the_first_of_several_channels(
    tmp_path: Path, said: tuple[list[Samples], list[Line]], roster: str, named: str | None
) -> None:
    path, lines = mono(tmp_path, said)
    path.with_suffix(".roster.json").write_text(roster, encoding="utf-8")
    given = session(path, lines)
    assert speakers(given) == [named, named]
    assert any("names nobody who was heard; voices here: Recording" in note for note in given.notes) == (named is None)
    together = said[0][0] + said[0][1]
    write(path, [[together, together]])
    assert speakers(session(path, lines)) == [named, named]


def test_a_voice_that_is_in_one_channel_alone_has_that_channels_name(
    tmp_path: Path, said: tuple[list[Samples], list[Line]]
) -> None:
    path, lines = mono(tmp_path, said)
    path.with_suffix(".roster.json").write_text('{"1": "Mara", "2": "Jonas"}', encoding="utf-8")
    write(path, [[said[0][0] * 0, said[0][0] + said[0][1]]])
    assert speakers(session(path, lines)) == ["Jonas", "Jonas"]


def test_a_roster_that_is_given_goes_before_the_one_beside(
    tmp_path: Path, said: tuple[list[Samples], list[Line]]
) -> None:
    path = stereo(tmp_path, said)
    (tmp_path / "standup.roster.json").write_text('{"1": "Somebody"}')
    given = tmp_path / "people.csv"
    given.write_text("1,Mara\n")
    assert speakers(session(path, said[1], roster=given)) == ["Mara", "Channel 2"]


def test_rttm_beside_the_recording_says_who_speaks_when(tmp_path: Path, said: tuple[list[Samples], list[Line]]) -> None:
    path, lines = mono(tmp_path, said)
    rttm = "".join(
        f"SPEAKER standup 1 {line.start_ms / 1000:.3f} {(line.end_ms - line.start_ms) / 1000:.3f} <NA> <NA> "
        f"SPEAKER_0{at} <NA> <NA>\n"
        for at, line in enumerate(lines)
    )
    (tmp_path / "standup.rttm").write_text(";; made by hand\n" + rttm + "SPEAKER other 1 0 99 <NA> <NA> X <NA> <NA>\n")
    assert speakers(session(path, lines)) == ["SPEAKER_00", "SPEAKER_01"]
    (tmp_path / "standup.roster.json").write_text('{"speaker_00": "Mara"}')
    assert speakers(session(path, lines)) == ["Mara", "SPEAKER_01"]


def test_the_json_of_whisperx_says_who_speaks_when(tmp_path: Path, said: tuple[list[Samples], list[Line]]) -> None:
    path, lines = mono(tmp_path, said)
    segments = [
        {"start": line.start_ms / 1000, "end": line.end_ms / 1000, "text": "…", "speaker": f"S{at}", "words": words}
        for at, (line, words) in enumerate(
            zip(lines, ([], [{"word": "Agreed", "start": 6, "end": 9, "speaker": "W"}]), strict=True)
        )
    ]
    given = tmp_path / "diarised.json"
    given.write_text(json.dumps({"segments": segments}))
    assert speakers(session(path, lines, speakers=given)) == ["S0", "W"]


def test_a_turn_that_changes_within_a_segment_parts_it(tmp_path: Path, said: tuple[list[Samples], list[Line]]) -> None:
    path, lines = mono(tmp_path, said)
    first = lines[0]
    middle = (first.start_ms + first.end_ms) / 2000
    (tmp_path / "standup.rttm").write_text(
        f"SPEAKER x 1 0 {middle} <NA> <NA> A <NA> <NA>\nSPEAKER x 1 {middle} 3 <NA> <NA> B <NA> <NA>\n"
    )
    given = session(path, lines)
    assert speakers(given) == ["A", "B", None]
    assert " ".join(one.text for one in given.utterances[:2]) == first.words


def test_a_turn_whose_edge_is_a_little_off_parts_no_sentence(
    tmp_path: Path, said: tuple[list[Samples], list[Line]]
) -> None:
    path, lines = mono(tmp_path, said)
    start, end = lines[0].start_ms / 1000, lines[0].end_ms / 1000
    middle = (start + end) / 2
    (tmp_path / "standup.rttm").write_text(
        f"SPEAKER x 1 {start + 0.4} {middle - start - 0.6} <NA> <NA> A <NA> <NA>\n"
        f"SPEAKER x 1 {middle + 0.2} {end - middle - 0.6} <NA> <NA> A <NA> <NA>\n"
    )
    assert speakers(session(path, lines)) == ["A", None]


def test_where_nobody_is_said_to_speak_nobody_is_guessed(
    tmp_path: Path, said: tuple[list[Samples], list[Line]]
) -> None:
    path, lines = mono(tmp_path, said)
    (tmp_path / "standup.rttm").write_text("SPEAKER x 1 500 3 <NA> <NA> A <NA> <NA>\n")
    assert speakers(session(path, lines)) == [None, None]


def test_a_diarisation_of_two_channels_is_of_their_mix(tmp_path: Path, said: tuple[list[Samples], list[Line]]) -> None:
    path = stereo(tmp_path, said)
    (tmp_path / "standup.rttm").write_text("SPEAKER x 1 0 60 <NA> <NA> A <NA> <NA>\n")
    lines = [replace(line, voice=0) for line in said[1]]
    assert speakers(session(path, lines)) == ["A", "A"]


def test_a_new_roster_needs_no_new_transcript(tmp_path: Path, said: tuple[list[Samples], list[Line]]) -> None:
    path = stereo(tmp_path, said)
    session(path, said[1])
    (tmp_path / "standup.roster.json").write_text('{"1": "Mara"}')
    again = Scripted(said[1])
    asked = hearing(tmp_path, again)
    found = read(file_source(path, Declared(hearing=asked)), READER).sessions[0]
    assert speakers(found) == ["Mara", "Channel 2"]
    assert again.heard == []


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.json", "[1, 2]", "not an object at the top"),
        ("a.json", '{"1": 7}', "no name at /1"),
        ("a.json", "{", "broken JSON"),
        ("a.toml", "x = [", "broken TOML"),
        ("a.csv", "1,Mara,x\n", "not two columns at line 1"),
        ("a.csv", '"1,Mara', "broken CSV"),
    ],
)
def test_a_broken_roster_is_an_error_with_its_place(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text)
    source = file_source(write(tmp_path / "m.wav", [[np.zeros(1600, np.float32)]]), Declared())
    with pytest.raises(SpeakersUnreadable, match=told):
        roster(replace(source, hearing=hearing(tmp_path, roster=tmp_path / name)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SPEAKER x 1 abc 3 <NA> <NA> A <NA> <NA>", "no RTTM turn at line 1"),
        ("SPEAKER x 1 1.0", "no RTTM turn at line 1"),
        ("just a text", "names no speaker's turn"),
        ("SPEAKER a 1 0 1 <NA> <NA> A\nSPEAKER b 1 0 1 <NA> <NA> B", "turns of 2 recordings, none of them 'm'"),
        ('{"segments": [{"start": "x", "end": 2, "speaker": "A"}]}', "a speaker without times at /segments/0"),
        ('{"segments": []}', "names no speaker's turn"),
        ("{", "broken JSON"),
        ("\xff", "not UTF-8 at byte 0"),
    ],
)
def test_a_broken_diarisation_is_an_error_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    given = tmp_path / "who.rttm"
    given.write_bytes(text.encode("latin-1"))
    source = file_source(write(tmp_path / "m.wav", [[np.zeros(1600, np.float32)]]), Declared())
    with pytest.raises(SpeakersUnreadable, match=told):
        turns(replace(source, hearing=hearing(tmp_path, speakers=given)))


def test_a_file_that_was_named_and_is_not_there_is_an_error(tmp_path: Path) -> None:
    source = file_source(write(tmp_path / "m.wav", [[np.zeros(1600, np.float32)]]), Declared())
    gone = tmp_path / "gone.json"
    with pytest.raises(SourceMissing, match=r"gone\.json"):
        roster(replace(source, hearing=hearing(tmp_path, roster=gone)))
    with pytest.raises(SourceMissing, match=r"gone\.json"):
        turns(replace(source, hearing=hearing(tmp_path, speakers=gone)))
