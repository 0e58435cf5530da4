"""WebVTT (Zoom, Teams, Stream, YouTube, any captions) and SRT: one file is one meeting.

Unit: a block (`vtt_blocks` says how blocks are cut). Every block but the `WEBVTT` header is a unit; each is kept
(a cue with words, one utterance a voice), set aside, or rejected because it has no timing line with two times.

Set aside:
  `note`           a NOTE block: a comment of the tool (Stream writes its confidence there)
  `style`          a STYLE block
  `region`         a REGION block
  `no words`       a cue whose payload is empty once tags are stripped
  `rolling repeat` a cue that only shows again what the cue before it showed (YouTube's automatic captions)
  `sound`          a cue that only describes a sound: `[Music]`
  `export note`    a cue that only says `Transcribed by https://otter.ai`, which speech recognition hears in silence

Speakers (`vtt_voices`): `<v Name>` tags, else `Name: words` and the SRT conventions; else nobody. Tags, karaoke times
and `{\\an8}` are stripped, entities decoded, wrapped lines joined by a space. A cue identifier is kept as native id
only when it is a GUID: numbers repeat in every file. Times count from the start of the recording; the date comes from
--date or the name, since captions carry none. Only Teams' `metadataContent` (Graph API: a JSON object as each cue's
payload, `vtt_metadata`) tells by the clock when somebody spoke, and so when the recording began; there a cue with any
other payload is rejected. The title is the rest of the `WEBVTT` line, or a `Title:` line under it.

Locator: `cue N`, counting cues from 1. A rejected block is told by its line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ingest.fingerprint import fingerprint
from ingest.language_names import agreed, tag
from ingest.readers.vtt_blocks import TIMING, Block, block_count, blocks, is_guid, is_webvtt
from ingest.readers.vtt_metadata import NOTE, Spoken, spoken
from ingest.readers.vtt_voices import Voice, is_karaoke, is_sound, labels, rolls, turns, voices, without_repeat
from ingest.records import Reader, Rejected, Session, Source, Utterance
from ingest.text import folded, head_text, normalise, whole_text
from ingest.times import session_start

_NAME = "vtt"
_HEADER_TITLE = re.compile(r"^\s*WEBVTT[ \t]+(?:[-–—:][ \t]*)?(\S.*)$")
_TITLE_LINE = re.compile(r"^title:[ \t]*(\S.*)$", re.IGNORECASE | re.MULTILINE)
_LANGUAGE_LINE = re.compile(r"^language:[ \t]*([\w-]{2,35})[ \t]*$", re.IGNORECASE | re.MULTILINE)
_LANGUAGE_NOTE = re.compile(r"^NOTE[ \t]+language:[ \t]*([\w-]{2,35})[ \t]*$", re.IGNORECASE | re.MULTILINE)
_MACHINE = re.compile(r"^\W{0,3}Transcribed by (?:https?://)?otter\.ai\S{0,40}$", re.IGNORECASE)
_SRT_OPENING = re.compile(r"^\s*+(?:\d{1,9}[^\S\n]*\n)?(?=[^\n]*-->)")


@dataclass(frozen=True, slots=True)
class _Heard:
    """What became of the cues of a file."""

    utterances: tuple[Utterance, ...]
    kept: int
    set_aside: Counter[str]
    notes: tuple[str, ...]
    language: str | None = None
    started_at: datetime | None = None
    rejected: tuple[Rejected, ...] = ()


def accepts(source: Source) -> int:
    """98 for the WEBVTT opening, 74 for an SRT opening, 45 for text that is timing lines in good part."""
    text = head_text(source)
    if "\x00" in text:
        return 0
    if is_webvtt(text):
        return 98
    opening = _SRT_OPENING.match(text)
    if opening is not None and TIMING.match(text, opening.end()):
        return 74
    timed = len(TIMING.findall(text))
    return 45 if timed >= 2 and timed * 6 >= sum(1 for line in text.split("\n") if line.strip()) else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meeting, after the blocks that could not be read."""
    text = whole_text(source, reader=_NAME)
    found = list(blocks(text))
    for block in found:
        if block.kind == "broken":
            yield Rejected("no timing line with two times", f"line {block.line}", block.text)
    other = Counter[str](block.kind for block in found if block.kind in {"note", "style", "region"})
    cues = [block for block in found if block.kind == "cue"]
    if not cues and not other:
        return
    heard = _heard(cues)
    yield from heard.rejected
    aside = heard.set_aside + other
    started_at, basis = session_start(source, heard.started_at)
    said = [[item.speaker, item.start_ms, item.text] for item in heard.utterances]
    yield Session(
        kind="meeting",
        native_id=fingerprint(said or text),
        identity="content",
        utterances=heard.utterances,
        kept=heard.kept,
        set_aside=tuple(sorted(aside.items())),
        title=_title(found[0]),
        started_at=started_at,
        time_basis=basis,
        notes=heard.notes,
        language=heard.language or _language(found),
    )


def count(source: Source) -> int:
    """The blocks in the file, header not counted."""
    return block_count(whole_text(source, reader=_NAME))


def _heard(cues: Sequence[Block]) -> _Heard:
    told = [spoken(cue.payload) for cue in cues]
    if any(told):
        return _told(cues, told)
    heard = [voices(cue.payload) for cue in cues]
    whole = [_lines(voices_of_cue) for voices_of_cue in heard]
    rolling = any(is_karaoke(cue.payload) for cue in cues) or rolls(whole)
    if rolling:
        heard = list(_unrolled(heard))
    known = labels([voice.lines for voices_of_cue in heard for voice in voices_of_cue if voice.speaker is None])
    utterances: list[Utterance] = []
    aside: Counter[str] = Counter()
    for number, (cue, before, after) in enumerate(zip(cues, whole, heard, strict=True), 1):
        rule = _rule(before, after)
        said = [] if rule else list(_said(after, known))
        if not said:
            aside[rule or "no words"] += 1
        for part, (speaker, words) in enumerate(said):
            utterances.append(_utterance(len(utterances), number, cue, speaker, words, first=part == 0))
    notes = [] if any(item.speaker for item in utterances) or not utterances else ["speakers unknown"]
    return _Heard(tuple(utterances), len(cues) - aside.total(), aside, tuple(notes))


def _told(cues: Sequence[Block], told: Sequence[Spoken | None]) -> _Heard:
    """The cues of a file with JSON payloads."""
    utterances: list[Utterance] = []
    rejected = [
        Rejected("no JSON object with spokenText", f"line {cue.line}", cue.text)
        for cue, one in zip(cues, told, strict=True)
        if one is None
    ]
    for number, (cue, one) in enumerate(zip(cues, told, strict=True), 1):
        if one is not None and one.words:
            heard = _utterance(len(utterances), number, cue, one.speaker, one.words, first=True)
            utterances.append(replace(heard, said_at=one.said_at))
    aside = Counter({"no words": len(cues) - len(utterances) - len(rejected)})
    dated = next((item for item in utterances if item.said_at is not None and item.start_ms is not None), None)
    language = agreed(one.language for one in told if one is not None)
    return _Heard(tuple(utterances), len(utterances), +aside, (NOTE,), language, _start_of(dated), tuple(rejected))


def _start_of(dated: Utterance | None) -> datetime | None:
    """When the recording began, from an utterance whose time is known both ways."""
    if dated is None or dated.said_at is None or dated.start_ms is None:
        return None
    try:
        return dated.said_at - timedelta(milliseconds=dated.start_ms)
    except OverflowError:
        return None


def _utterance(index: int, number: int, cue: Block, speaker: str | None, words: str, *, first: bool) -> Utterance:
    known_id = cue.identifier if first and cue.identifier and is_guid(cue.identifier) else None
    return Utterance(
        index=index,
        text=normalise(words),
        role="person",
        locator=f"cue {number}",
        speaker=speaker,
        native_id=known_id,
        start_ms=cue.start_ms,
        end_ms=cue.end_ms,
    )


def _rule(before: Sequence[str], after: Sequence[Voice]) -> str | None:
    if not before:
        return "no words"
    if not after:
        return "rolling repeat"
    if _MACHINE.match(" ".join(_lines(after))):
        return "export note"
    return "sound" if is_sound(_lines(after)) else None


def _said(heard: Sequence[Voice], known: frozenset[str]) -> Iterator[tuple[str | None, str]]:
    for voice in heard:
        if voice.speaker is None:
            yield from turns(voice.lines, known)
        else:
            yield voice.speaker, " ".join(voice.lines)


def _unrolled(heard: Sequence[tuple[Voice, ...]]) -> Iterator[tuple[Voice, ...]]:
    """Each cue less the lines that the cue before it ended with; cues of several voices are left as they are."""
    before: tuple[str, ...] = ()
    for voices_of_cue in heard:
        lines = _lines(voices_of_cue)
        if len(voices_of_cue) == 1:
            fresh = without_repeat(before, lines)
            yield (Voice(voices_of_cue[0].speaker, fresh),) if fresh else ()
        else:
            yield voices_of_cue
        before = lines or before


def _lines(heard: Sequence[Voice]) -> tuple[str, ...]:
    return tuple(line for voice in heard for line in voice.lines)


def _language(found: Sequence[Block]) -> str | None:
    """As the header states it, or Stream's NOTE."""
    patterns = {"header": _LANGUAGE_LINE, "note": _LANGUAGE_NOTE}
    stated = (pattern.search(one.text) for one in found if (pattern := patterns.get(one.kind)))
    return next((language for match in stated if match and (language := tag(match[1]))), None)


def _title(first: Block) -> str | None:
    if first.kind != "header":
        return None
    match = _HEADER_TITLE.match(first.text.split("\n", 1)[0]) or _TITLE_LINE.search(first.text)
    return folded(match[1]) if match else None


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".vtt", ".srt"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="caption blocks",
)
