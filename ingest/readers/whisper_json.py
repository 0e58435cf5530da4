"""Speech to text by the Whisper family, as JSON: one file is one meeting.

Known shapes: openai-whisper and whisper-timestamped (`segments[]`, seconds), WhisperX (the same with `speaker` on
segments or words), the OpenAI API's `verbose_json` and `diarized_json`, dumps of faster-whisper's segments (an object
with `segments`, or the bare list), whisper.cpp (`transcription[]`, milliseconds in `offsets`).

Unit: a segment. It is kept, rejected with its JSON pointer (no object, no text, a time that is no number), or set aside
as what the model made of silence:
  `no words`          the text is blank
  `no speech`         no_speech_prob above 0.6 and avg_logprob below -1.0, the limits at which Whisper itself discards
  `repeated segment`  the third or later segment in a row with the same words, or the second where compression_ratio
                      is above 2.4 (Whisper's own limit, a sign that the decoder was looping); the first stays
  `credit line`       a whole segment that is a line from subtitle files: `Transcribed by https://otter.ai`, Amara
A document that is no such JSON is an error as a whole.

Speakers are the labels of the diarisation (`SPEAKER_00`), or nobody. A segment without one takes its words' label
when they all agree.

Locator: the JSON pointer, `/segments/3`.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.errors import SourceEmpty, SourceMalformed
from ingest.fingerprint import fingerprint
from ingest.records import Reader, Rejected, Session, Source, Utterance
from ingest.text import glimpse, head_text, normalise, whole_text
from ingest.times import milliseconds, session_start

_NAME = "whisper_json"
_NO_SPEECH_PROB = 0.6
_LOW_LOGPROB = -1.0
_LOOP_RATIO = 2.4
_MAX_SECONDS = 10**9
_LIST = re.compile(r'"(segments|transcription)"\s*:\s*\[\s*(?:\{|\])')
_BARE = re.compile(r"\s*\[\s*\{")
_TIMES = re.compile(r'"start"\s*:\s*(?:-?\d|null)|"(?:offsets|timestamps)"\s*:\s*\{')
_OTHERS = re.compile(r'"(?:results|utterances|audio_segments|jobName|monologues|start_ms)"\s*:')
_CREDIT = re.compile(
    r"(?:transcribed by https?://otter\.ai|(?:subtitles|captions|transcription|translation)\s+(?:made\s+)?"
    r"by\s+(?:the\s+)?(?:amara\.org|castingwords)(?:\s+community)?)\W*$",
    re.IGNORECASE,
)


class _BadSegment(ValueError):
    """A segment breaks the format; its text is the reason."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """What is used of one segment."""

    pointer: str
    words: str
    speaker: str | None
    start_ms: int | None
    end_ms: int | None
    no_speech_prob: float | None
    avg_logprob: float | None
    compression_ratio: float | None


def accepts(source: Source) -> int:
    """70 for an object with `segments` or `transcription` of timed texts, 50 for a bare list of them."""
    text = head_text(source)
    if "\x00" in text or text.lstrip()[:1] not in {"{", "["}:
        return 0
    bare = _BARE.match(text)
    opening = bare or _LIST.search(text)
    if opening is None or _OTHERS.search(text[: opening.end() + 4_000]):
        return 0
    after = text[opening.end() : opening.end() + 4_000]
    fits = bool(_TIMES.search(after)) and '"text"' in after
    if bare is not None:
        return 50 if fits else 0
    empty = text[: opening.end()].endswith("]") and '"language"' in text
    return 70 if fits or empty else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meeting, after the segments that break the format.

    Raises: SourceMalformed when there is no list of segments; SourceEmpty for no segments.
    """
    place, items = _items(source)
    if not items:
        raise SourceEmpty(source.uri)
    segments: list[_Segment] = []
    for at, item in enumerate(items):
        try:
            segments.append(_segment(item, f"{place}/{at}"))
        except _BadSegment as error:
            yield Rejected(str(error), f"{place}/{at}", glimpse(item))
    if not segments:
        return
    rules = _rules(segments)
    spoken = [segment for segment, rule in zip(segments, rules, strict=True) if rule is None]
    utterances = tuple(_utterance(index, segment) for index, segment in enumerate(spoken))
    aside = Counter(rule for rule in rules if rule is not None)
    started_at, basis = session_start(source)
    unnamed = utterances and not any(item.speaker for item in utterances)
    yield Session(
        kind="meeting",
        native_id=fingerprint(
            [[item.speaker, item.start_ms, item.text] for item in utterances] or [one.words for one in segments]
        ),
        identity="content",
        utterances=utterances,
        kept=len(utterances),
        set_aside=tuple(sorted(aside.items())),
        started_at=started_at,
        time_basis=basis,
        notes=("speakers unknown",) if unnamed else (),
    )


def count(source: Source) -> int:
    """The segments in the document."""
    return len(_items(source)[1])


def _items(source: Source) -> tuple[str, list[object]]:
    text = whole_text(source, reader=_NAME)
    try:
        document: object = json.loads(text)
    except RecursionError as error:
        raise SourceMalformed(source.uri, reader=_NAME, where="the top", problem="JSON nested too deep") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise SourceMalformed(source.uri, reader=_NAME, where=where, problem=f"bad JSON ({error.msg})") from error
    except ValueError as error:  # a number of more digits than Python converts
        raise SourceMalformed(source.uri, reader=_NAME, where="a number", problem="a number too long") from error
    if isinstance(document, list):
        return "", document
    for key in ("segments", "transcription"):
        items = document.get(key) if isinstance(document, dict) else None
        if isinstance(items, list):
            return f"/{key}", items
    raise SourceMalformed(source.uri, reader=_NAME, where="the top", problem="no list of segments or transcription")


def _segment(item: object, pointer: str) -> _Segment:
    if not isinstance(item, dict):
        raise _BadSegment("not an object")
    text = item.get("text")
    if not isinstance(text, str):
        raise _BadSegment("no text")
    start_ms, end_ms = _time(item, "start", "from"), _time(item, "end", "to")
    backwards = start_ms is not None and end_ms is not None and end_ms < start_ms
    return _Segment(
        pointer=pointer,
        words=" ".join(normalise(text).split()),
        speaker=_speaker(item),
        start_ms=start_ms,
        end_ms=None if backwards else end_ms,
        no_speech_prob=_number(item.get("no_speech_prob")),
        avg_logprob=_number(item.get("avg_logprob")),
        compression_ratio=_number(item.get("compression_ratio")),
    )


def _time(item: Mapping[str, object], key: str, side: str) -> int | None:
    """Whole milliseconds from seconds under `key`, or from whisper.cpp's `offsets` and `timestamps`."""
    value = item.get(key)
    if value is None:
        return _cpp_time(item, side)
    seconds = _number(value)
    if seconds is None or abs(seconds) > _MAX_SECONDS:
        raise _BadSegment(f"{key} is not a number of seconds")
    return max(0, round(seconds * 1000))


def _cpp_time(item: Mapping[str, object], side: str) -> int | None:
    offsets, stamps = item.get("offsets"), item.get("timestamps")
    offset = _number(offsets.get(side)) if isinstance(offsets, dict) else None
    if offset is not None and abs(offset) <= _MAX_SECONDS * 1000:
        return max(0, round(offset))
    stamp = stamps.get(side) if isinstance(stamps, dict) else None
    return milliseconds(stamp) if isinstance(stamp, str) and len(stamp) <= 20 else None


def _speaker(item: Mapping[str, object]) -> str | None:
    own = _label(item.get("speaker"))
    words = item.get("words")
    if own is not None or not isinstance(words, list):
        return own
    labels = {label for word in words if isinstance(word, dict) and (label := _label(word.get("speaker")))}
    return labels.pop() if len(labels) == 1 else None


def _label(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10_000 else None
    name = " ".join(normalise(value).split()) if isinstance(value, str) else ""
    return None if name.casefold() in {"", "unknown", "?"} else name


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, int):
        return float(value) if abs(value) < 10**15 else None
    return value if math.isfinite(value) else None


def _rules(segments: Sequence[_Segment]) -> list[str | None]:
    """For each segment the rule that sets it aside, or None."""
    rules: list[str | None] = []
    run = 0
    for at, segment in enumerate(segments):
        before = segments[at - 1] if at else None
        same = before is not None and _sound(before.words) == _sound(segment.words)
        run = run + 1 if same else 1
        rules.append(_rule(segment, run))
    return rules


def _rule(segment: _Segment, run: int) -> str | None:
    if not segment.words:
        return "no words"
    silent = segment.no_speech_prob is not None and segment.no_speech_prob > _NO_SPEECH_PROB
    unsure = segment.avg_logprob is not None and segment.avg_logprob < _LOW_LOGPROB
    if silent and unsure:
        return "no speech"
    looping = segment.compression_ratio is not None and segment.compression_ratio > _LOOP_RATIO
    if run >= 3 or (run == 2 and looping):
        return "repeated segment"
    return "credit line" if _CREDIT.match(segment.words) else None


def _sound(words: str) -> str:
    return re.sub(r"[^\w]+", " ", words).strip().casefold() or words


def _utterance(index: int, segment: _Segment) -> Utterance:
    return Utterance(
        index=index,
        text=segment.words,
        role="person",
        locator=segment.pointer,
        speaker=segment.speaker,
        start_ms=segment.start_ms,
        end_ms=segment.end_ms,
    )


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="segments",
)
