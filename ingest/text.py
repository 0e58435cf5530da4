"""The text boundary: bytes to normalised text, sentence cuts, and a count of what an eye would miss.

Offsets everywhere in the product are code points of text that has passed `normalise`.
"""

from __future__ import annotations

import codecs
import json
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from ingest.errors import SourceEmpty, SourceMalformed, SourceTooLarge, WrongEncoding
from ingest.records import MAX_WHOLE_BYTES, Irregular, IrregularKind, Source, Span, Utterance

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NEWLINES = re.compile("\r\n?|\u2028|\u2029")
_SENTENCE_END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’)\]]*+(?=\s|$)"  # marks, and what closes after them
    r"|\n[^\S\n]*+\n\s*+"  # a blank line
    r"|\n(?=[^\S\n]*+(?:[-*+•]|\d++[.)])\s)"  # a bullet
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|Mr|Mrs|Ms|Dr|St|No|Fig|Inc|Ltd)"
    r"|(?<!ption )(?<!pproach )(?<!olution )(?<!hoice )\b[A-Z])\.$"
)
"""A single capital is a name's first letter, but "Let's take option B." ends there."""


def decode(data: bytes, *, uri: str, encoding: str = "utf-8", offset: int = 0) -> str:
    """The text of `data` in its declared encoding, strictly; a byte-order mark is dropped and wins.

    Units: `offset` is the byte position of `data` in its source, for the error.
    Raises: WrongEncoding with the position of the first bad byte.
    """
    mark = next((bom for bom in _BOMS if data.startswith(bom[0])), None) if offset == 0 else None
    if mark is not None:
        encoding, data, offset = mark[1], data[len(mark[0]) :], len(mark[0])
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start
        raise WrongEncoding(uri, encoding=encoding, byte_offset=offset + at, bad=data[at : at + 1]) from error


def normalise(text: str) -> str:
    """The form that is stored: NFC, `\\n` line ends, U+FFFD for NUL and lone surrogates (no store can hold those)."""
    if text.isascii() and "\r" not in text and "\x00" not in text:
        return text
    return unicodedata.normalize("NFC", _UNSTORABLE.sub("\ufffd", _NEWLINES.sub("\n", text)))


def whole_text(source: Source, *, reader: str) -> str:
    """All of a source that must be read as one document, decoded strictly and normalised.

    Raises: SourceTooLarge, SourceEmpty, WrongEncoding; SourceMalformed where a NUL byte says it is binary.
    """
    if source.size_bytes > MAX_WHOLE_BYTES:
        raise SourceTooLarge(source.uri, size_bytes=source.size_bytes, limit_bytes=MAX_WHOLE_BYTES)
    with source.open() as stream:
        data = stream.read()
    text = decode(data, uri=source.uri, encoding=source.encoding)
    if "\x00" in text:
        where = f"character {text.index(chr(0))}"
        raise SourceMalformed(source.uri, reader=reader, where=where, problem="a NUL character: this is not text")
    if not text.strip():
        raise SourceEmpty(source.uri)
    return normalise(text)


def head_text(source: Source) -> str:
    """The first 64 KiB as text for recognising a format: BOM dropped, bad bytes replaced, line ends `\\n`."""
    return _text_of(source.head, source.encoding)


@lru_cache(maxsize=4)
def _text_of(head: bytes, declared: str) -> str:
    """Kept for the readers that are asked about one source in turn: decoding was a third of asking them."""
    mark = next((bom for bom in _BOMS if head.startswith(bom[0])), None)
    data, encoding = (head[len(mark[0]) :], mark[1]) if mark else (head, declared)
    return _NEWLINES.sub("\n", data.decode(encoding, errors="replace"))


def lines(source: Source) -> Iterator[tuple[int, int, bytes]]:
    """(line number from 1, byte offset, bytes without line end) of each line, streamed; a UTF-8 BOM is dropped."""
    offset = 0
    with source.open() as stream:
        for number, raw in enumerate(stream, 1):
            data = raw
            if number == 1 and data.startswith(codecs.BOM_UTF8):
                data = data[len(codecs.BOM_UTF8) :]
            yield number, offset, data.rstrip(b"\r\n")
            offset += len(raw)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """`[start, end)` of each sentence in code points, surrounding white space left out; they never overlap.

    Cuts at . ! ? before white space, at blank lines and before list bullets; not after common abbreviations.
    """
    start = 0
    for match in _SENTENCE_END.finditer(text):
        end = match.end()
        if match.group().startswith(".") and _ABBREVIATION.search(text, max(start, end - 12), end):
            continue
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    stretch = text[start:end]
    if stretch.strip():
        left = start + len(stretch) - len(stretch.lstrip())
        yield left, left + len(stretch.strip())


def span(utterance: Utterance, start_char: int, end_char: int) -> Span:
    """The span of an utterance with its quote filled in."""
    return Span(utterance.index, start_char, end_char, utterance.text[start_char:end_char])


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    same = one.utterance_index == other.utterance_index
    return same and one.start_char < other.end_char and other.start_char < one.end_char


def folded(text: str, limit: int = 120) -> str:
    """White space folded to single spaces, cut at a word before `limit` characters."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    return line[: limit + 1].rsplit(" ", 1)[0][:limit]


_INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff"
)
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
    # A joiner belongs between two emoji, a presentation selector behind one.
    f"|(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}])|(?<![{_EMOJI}#*0-9©®‼⁉™ℹ〰〽㊗㊙])\ufe0f"
)
_LATIN_WORD = re.compile(r"\w+")
_SUSPECT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f-\U0010ffff]")


def visible(text: str) -> str:
    """The text with every invisible, bidi-control and control character shown as `⟨U+202E⟩`; nothing is dropped.

    For every place where captured words are delivered: a terminal, a model. Tab and line feed stay, as do the joiners
    and presentation selectors of emoji.
    """
    return text if text.isascii() and text.isprintable() else _HIDDEN.sub(_code_point, text)


def _code_point(found: re.Match[str]) -> str:
    return f"⟨U+{ord(found[0]):04X}⟩"


def glimpse(item: object) -> str:
    """A parsed JSON value as text, for a person who looks at why it was refused."""
    try:
        return normalise(json.dumps(item, ensure_ascii=False))
    except RecursionError:
        return "(nested too deep to show)"


def irregular(utterances: tuple[Utterance, ...]) -> tuple[Irregular, ...]:
    """What a reader of these texts would not see or would take for something else, per kind, with the first place.

    Counted: invisible and bidi-control characters, controls other than tab and line feed, U+FFFD replacements, and
    look-alikes (a Latin word with Cyrillic or Greek letters in it). Nothing is removed.
    """
    found: dict[IrregularKind, list[str]] = {}
    for utterance in utterances:
        if utterance.text.isascii() and not _SUSPECT.search(utterance.text):
            continue
        for kind, position in _irregularities(utterance.text):
            found.setdefault(kind, []).append(f"{utterance.locator}, character {position}")
    return tuple(Irregular(kind, len(places), places[0]) for kind, places in sorted(found.items()))


def _irregularities(text: str) -> Iterator[tuple[IrregularKind, int]]:
    for match in _SUSPECT.finditer(text):
        char = match.group()
        if char in _BIDI:
            yield "bidi", match.start()
        elif char in _INVISIBLE or "\ufe00" <= char <= "\ufe0e" or "\U000e0000" <= char <= "\U000e0fff":
            yield "invisible", match.start()
        elif char == "\ufffd":
            yield "replaced", match.start()
        elif unicodedata.category(char) == "Cc":
            yield "control", match.start()
    for word in _LATIN_WORD.finditer(text):
        if not word.group().isascii() and _mixes_scripts(word.group()):
            yield "look_alike", word.start()


def _mixes_scripts(word: str) -> bool:
    scripts = {unicodedata.name(char, "").split(" ")[0] for char in word if char.isalpha()}
    return "LATIN" in scripts and bool(scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})
