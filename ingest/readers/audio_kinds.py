"""Part of the audio reader: which kind of sound or film a file is, by its first bytes.

The kind names the demuxer that reads it, so that a file cannot pose as one thing here and be read as another (a
playlist that names places on the network, say).
"""

from __future__ import annotations

import re

_STILL = frozenset({b"heic", b"heix", b"heim", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis", b"crx ", b"jp2 "})
"""`ftyp` brands of pictures."""
_BOXES = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
"""What a QuickTime film without `ftyp` may begin with."""
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"#!AMR", "amr"),
    (b"caff\x00\x01", "caf"),
    (b".snd\x00\x00\x00", "au"),
    (b"wvpk", "wv"),
    (b"FLV\x01", "flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", "asf"),
    (b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00", "w64"),
    (b"\x00\x00\x01\xba", "mpeg"),
)
_CHUNKED = {
    (b"RIFF", b"WAVE"): "wav",
    (b"RF64", b"WAVE"): "wav",
    (b"BW64", b"WAVE"): "wav",
    (b"RIFF", b"AVI "): "avi",
    (b"FORM", b"AIFF"): "aiff",
    (b"FORM", b"AIFC"): "aiff",
}
_DOCTYPE = re.compile(rb"\x42\x82.(?:webm|matroska)", re.DOTALL)
_TRANSPORT_PACKET = 188
_MP3_KBITS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Layer III bit rates, by the version in the header: 3 is MPEG-1, 2 MPEG-2 (and 0 MPEG-2.5, with the same)."""
_MP3_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_LAYER_III = 1


def demuxer(head: bytes) -> str | None:
    """FFmpeg's name of the demuxer for a file that begins so; None where it is no sound and no film."""
    if head.startswith(b"ID3"):
        return _after_tag(head)
    for start, name in _STARTS:
        if head.startswith(start):
            return name
    chunked = _CHUNKED.get((head[:4], head[8:12]))
    return chunked or _boxed(head) or _webm(head) or _transport(head) or _framed(head)


def _boxed(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        return None if head[8:12] in _STILL else "mov"
    return "mov" if head[4:8] in _BOXES and (b"moov" in head or b"mdat" in head) else None


def _webm(head: bytes) -> str | None:
    return "matroska" if head.startswith(b"\x1aE\xdf\xa3") and _DOCTYPE.search(head[:128]) else None


def _transport(head: bytes) -> str | None:
    """Five packets, each with its mark and with something in it."""
    packets = [head[at : at + 4] for at in range(0, 5 * _TRANSPORT_PACKET, _TRANSPORT_PACKET)]
    return "mpegts" if all(len(one) == 4 and one[0] == 0x47 and one[3] & 0x30 for one in packets) else None


def _after_tag(head: bytes) -> str | None:
    """What follows an ID3 tag; where a cover picture fills the opening, MP3, which nearly all such files are."""
    if len(head) < 10 or head[3] not in {2, 3, 4} or max(head[6:10]) > 0x7F:
        return None
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    rest = head[10 + size :].lstrip(b"\x00")
    if rest.startswith(b"fLaC"):
        return "flac"
    return _framed(rest) or "mp3"


def _framed(head: bytes) -> str | None:
    """MP3 or AAC without a container: two frames, the second where the first one ends."""
    for name, length_of in (("mp3", _mp3_bytes), ("aac", _adts_bytes)):
        length = length_of(head)
        if length and length_of(head[length:]):
            return name
    return None


def _mp3_bytes(head: bytes) -> int:
    """The length of an MP3 frame that begins here; 0 for none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bits, rate = head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer != _LAYER_III or bits in {0, 15} or rate == 3:
        return 0
    kbits = _MP3_KBITS[3 if version == 3 else 2][bits]
    return (144 if version == 3 else 72) * kbits * 1000 // _MP3_RATES[version][rate] + (head[2] >> 1 & 1)


def _adts_bytes(head: bytes) -> int:
    """The length of an ADTS frame that begins here; 0 for none."""
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 15 > 12:
        return 0
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length if length > 7 else 0
