"""What the first bytes of a file tell, for kinds that no test writes."""

import pytest

from ingest.readers.audio_kinds import demuxer

MP3 = b"\xff\xfb\x90\x00" + bytes(413)
ADTS = b"\xff\xf1\x50\x80\x02\x00\xfc" + bytes(9)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"RF64\xff\xff\xff\xffWAVEds64", "wav"),
        (b"#!AMR-WB\n", "amr"),
        (b"\x00\x00\x00\x14ftypqt  ", "mov"),
        (b"\x00\x00\x00\x08wide\x00\x00\x10\x00mdat", "mov"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", "matroska"),
        (b"FORM\x00\x00\x00\x00AIFCFVER", "aiff"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", "asf"),
        (MP3 + MP3, "mp3"),
        (ADTS + ADTS, "aac"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x05-----" + ADTS + ADTS, "aac"),
        (b"ID3\x03\x00\x00\x00\x0f\x7f\x7f" + bytes(64), "mp3"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00fLaC", "flac"),
    ],
)
def test_the_first_bytes_name_the_demuxer(head: bytes, name: str) -> None:
    assert demuxer(head) == name


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"RIFF",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"\x00\x00\x00\x1cftypavif",
        b"\x00\x00\x00\x08wide and other words",
        b"\x1aE\xdf\xa3 some other EBML",
        b"#EXTM3U\nhttp://example.org/stream.ts\n",
        b"ffconcat version 1.0\nfile other.wav\n",
        MP3,
        MP3[:300] + MP3,
        ADTS,
        b"\xff\xfe" + "UTF-16".encode("utf-16-le") * 40,
    ],
)
def test_what_is_no_recording_or_names_other_places_has_no_demuxer(head: bytes) -> None:
    assert demuxer(head) is None
