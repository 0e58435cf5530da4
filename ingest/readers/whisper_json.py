"""Speech to text by the Whisper family, as JSON: one file is one meeting.

Known shapes: openai-whisper and whisper-timestamped (`segments[]`, seconds), WhisperX (the same with `speaker` on
segments or words), the OpenAI API's `verbose_json` and `diarized_json`, dumps of faster-whisper's segments (an object
with `segments`, or the bare list), whisper.cpp (`transcription[]`, milliseconds in `offsets`), the Hugging Face
pipeline (`chunks[]`, a pair of seconds in `timestamp`).

Unit: a segment; where the OpenAI API was asked for words alone, a word (they become sentences, one utterance each). It
is kept, rejected with its JSON pointer (no object, no text, a time that is no number), or set aside as what the model
made of silence:
  `no words`          the text is blank
  `no speech`         no_speech_prob above 0.6 and avg_logprob below -1.0, the limits at which Whisper itself discards
  `repeated segment`  the third or later segment in a row with the same words, or the second where compression_ratio
                      is above 2.4 (Whisper's own limit, a sign that the decoder was looping); the first stays
  `credit line`       a whole segment that is a line from subtitle files: `Transcribed by https://otter.ai`, Amara
  `stock phrase`      a whole segment that is a video's goodbye (`Thanks for watching!`), no_speech_prob above 0.3
  `sound`             a whole segment that only names a sound: `[BLANK_AUDIO]`, `(upbeat music)`
What is kept though the model was unsure (by the same limits, each alone) says so in the utterance's doubt. A document
that is no such JSON is an error as a whole.

Speakers are the labels of the diarisation (`SPEAKER_00`), or nobody. A segment without one takes its words' label
when they all agree.

Locator: the JSON pointer, `/segments/3`; of a sentence its first word's, `/words/41`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ingest.errors import SourceEmpty, SourceMalformed
from ingest.json_source import BadItem, Item, document, label, listed, millis, number, seconds_ms, shape, text_of
from ingest.json_values import fields
from ingest.language_names import tag
from ingest.records import Reader, Rejected, Session, Source, Utterance
from ingest.speech import Gathered, Word, meeting, results
from ingest.text import glimpse
from ingest.times import milliseconds
from ingest.whisper_segments import Segment, doubt, rules

_NAME = "whisper_json"
_LISTS = ("segments", "transcription", "chunks")
_OTHERS = frozenset(
    f"/{key}" for key in ("results", "utterances", "audio_segments", "jobName", "monologues", "sentences")
)
_BEFORE = frozenset({"", "/text", "/task", "/language", "/duration"})
"""All that can stand before the segments: of a long recording the opening holds no more than the text."""


def accepts(source: Source) -> int:
    """53 for timed texts in a list of the family's, 46 for a bare list of them, 28 where the opening is all `text`."""
    found = shape(source)
    if _OTHERS & found.keys() or "/segments/*/start_ms" in found:
        return 0
    if any(_timed(found, f"/{key}/*") and f"/{key}/*/text" in found for key in _LISTS):
        return 53
    if found.get("/segments") == "[" and "/segments/*" not in found and "/language" in found:
        return 53
    if _timed(found, "/words/*") and {"/words/*/word", "/text"} <= found.keys():
        return 53
    if _timed(found, "/*") and "/*/text" in found:
        return 46
    return 28 if "/text" in found and found.keys() <= _BEFORE and source.size_bytes > len(source.head) else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meeting, after the segments that break the format.

    Raises: SourceMalformed when there is no list of segments; SourceEmpty for no segments.
    """
    body, items = _items(source)
    gathered = Gathered(language=_language(body))
    if items[0][0].startswith("/words/"):
        gathered.take_words(items, _word)
    else:
        _take(gathered, items)
    notes = tuple(f"unconfirmed format: {maker}" for maker in _maker(body, items))
    yield from results(gathered, lambda: meeting(source, gathered, notes=notes))


def count(source: Source) -> int:
    """The segments, or the words where there are no segments."""
    return len(_items(source)[1])


def _language(body: Mapping[str, object]) -> str | None:
    """As stated; what was translated is in English, though the language that was heard is stated."""
    if body.get("task") == "translate" or fields(body.get("params")).get("translate") is True:
        return "en"
    return tag(body.get("language")) or tag(fields(body.get("result")).get("language"))


def _timed(found: Mapping[str, str], item: str) -> bool:
    start = found.get(f"{item}/start", "")
    return (
        start == "null"
        or start.lstrip("-")[:1].isdigit()
        or any(found.get(f"{item}/{key}") in {"{", "["} for key in ("offsets", "timestamps", "timestamp"))
    )


def _items(source: Source) -> tuple[Mapping[str, object], list[Item]]:
    """The document, where it is an object, and its segments."""
    value = document(source, reader=_NAME)
    body = fields(value)
    lists = [(f"/{key}", body[key]) for key in (*_LISTS, "words") if isinstance(body.get(key), list)]
    if isinstance(value, list):
        lists = [("", value)]
    if not lists:
        problem = "no list of segments or transcription"
        raise SourceMalformed(source.uri, reader=_NAME, where="the top", problem=problem)
    items = next((items for place, one in lists if (items := listed(one, place))), [])
    if not items:
        raise SourceEmpty(source.uri)
    return body, items


def _maker(body: Mapping[str, object], items: list[Item]) -> Iterator[str]:
    """Whose shape it is, where that is none confirmed by a real file."""
    first = fields(items[0][1])
    if "transcription" in body:
        yield "whisper.cpp"
    elif "chunks" in body:
        yield "Hugging Face pipeline"
    elif "word_segments" in body or any("score" in fields(word) for _, word in listed(first.get("words"), "")[:5]):
        yield "WhisperX"
    elif "task" in body or first.get("type") == "transcript.text.segment":
        yield "OpenAI API"


def _take(gathered: Gathered, items: list[Item]) -> None:
    segments: list[Segment] = []
    for place, item in items:
        try:
            segments.append(_segment(item, place))
        except BadItem as error:
            gathered.rejected.append(Rejected(str(error), place, glimpse(item)))
    for segment, rule in zip(segments, rules(segments), strict=True):
        if rule is None:
            gathered.utterances.append(_utterance(segment))
            gathered.kept += 1
        else:
            gathered.aside[rule] += 1


def _segment(item: object, pointer: str) -> Segment:
    if not isinstance(item, dict):
        raise BadItem("not an object")
    text = text_of(item, "text")
    start_ms, end_ms = _time(item, "start", "from", 0), _time(item, "end", "to", 1)
    backwards = start_ms is not None and end_ms is not None and end_ms < start_ms
    return Segment(
        pointer=pointer,
        words=text,
        speaker=_speaker(item),
        start_ms=start_ms,
        end_ms=None if backwards else end_ms,
        no_speech_prob=number(item.get("no_speech_prob")),
        avg_logprob=number(item.get("avg_logprob")),
        compression_ratio=number(item.get("compression_ratio")),
    )


def _time(item: Mapping[str, object], key: str, side: str, place: int) -> int | None:
    """Whole milliseconds from seconds under `key`, whisper.cpp's `offsets` and `timestamps`, or a pair `timestamp`."""
    if item.get(key) is not None:
        return seconds_ms(item, key)
    pair = item.get("timestamp")
    if isinstance(pair, list) and len(pair) > place:
        return seconds_ms({key: pair[place]}, key)
    offset = fields(item.get("offsets")).get(side)
    if offset is not None and number(offset) is not None:
        return millis({key: offset}, key)
    stamp = fields(item.get("timestamps")).get(side)
    return milliseconds(stamp) if isinstance(stamp, str) and len(stamp) <= 20 else None


def _speaker(item: Mapping[str, object]) -> str | None:
    own = label(item.get("speaker"))
    if own is not None:
        return own
    labels = {found for _, word in listed(item.get("words"), "") if (found := label(fields(word).get("speaker")))}
    return labels.pop() if len(labels) == 1 else None


def _word(item: Mapping[str, object], place: str) -> Word:
    return Word(text_of(item, "word", "text"), place, label(item.get("speaker")), *_edges(item))


def _edges(item: Mapping[str, object]) -> tuple[int | None, int | None]:
    return seconds_ms(item, "start"), seconds_ms(item, "end")


def _utterance(segment: Segment) -> Utterance:
    return Utterance(
        index=0,
        text=segment.words,
        role="person",
        locator=segment.pointer,
        speaker=segment.speaker,
        start_ms=segment.start_ms,
        end_ms=segment.end_ms,
        doubt=doubt(segment),
    )


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="segments",
    version=3,
)
