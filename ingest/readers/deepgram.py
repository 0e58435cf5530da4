"""Deepgram transcripts: a prerecorded response (one JSON document) or a stream's messages (a JSON list, JSON Lines).

Unit of a prerecorded response: an item of `results.utterances` where they were asked for, else a word of each channel's
first alternative, else a sentence of its paragraphs, else its whole transcript; and the summary. Unit of a stream: a
message. A unit is kept, rejected with its place (no JSON, no object, no text, a time that is no number), or set aside:
  `no words`         the text is blank
  `not final`        a stream's message that a later one corrects (`is_final` is not true)
  `event`            a stream's message of another type than `Results`
  `machine_summary`  `results.summary`: a model wrote it
Words become sentences, one utterance each. The best alternative counts, with its punctuation where it has any.

Speakers are the numbers of the diarisation (`Speaker 0`); with several channels the channel stands in front. The
response's date is when it was made, so it only serves as an assumed date.

Locator: the JSON pointer (`/results/utterances/3`; of a sentence its first word's), in JSON Lines `#` and the message's
number from 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ingest.errors import SourceEmpty, SourceMalformed
from ingest.json_source import (
    Item,
    documents,
    label,
    listed,
    moment,
    name,
    seconds_ms,
    shape,
    summaries,
    text_of,
)
from ingest.json_values import fields
from ingest.language_names import agreed
from ingest.records import Reader, Rejected, Session, Source
from ingest.speech import (
    MACHINE_SUMMARY,
    NO_WORDS,
    NOT_FINAL,
    Gathered,
    Heard,
    Word,
    meeting,
    results,
    said,
    sentences_of,
)

_NAME = "deepgram"
_SUMMARIES = ("summary",)


def accepts(source: Source) -> int:
    """69 for the channels of a response, or a stream's messages with a channel."""
    found = shape(source)
    if "/results/channels/*/alternatives" in found:
        return 69
    for top in ("", "/*"):
        message = {f"{top}/channel/alternatives", f"{top}/is_final"} <= found.keys()
        named = found.get(f"{top}/type") in {'"Results', '"Metadata', '"SpeechStarted', '"UtteranceEnd'}
        if message or (named and {f"{top}/channel_index", f"{top}/request_id", f"{top}/channel"} & found.keys()):
            return 69
    return 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meeting, after the items that break the format.

    Raises: SourceMalformed for neither a response nor a stream; SourceEmpty where nothing was said.
    """
    response, messages = _parts(source)
    gathered = Gathered()
    if response is None:
        gathered.take(messages, _message)
        yield from results(gathered, lambda: meeting(source, gathered))
        return
    kind, channels = _units(response)
    for channel, items in channels:
        if kind == "word":
            gathered.take_words(items, partial(_word, channel))
        else:
            gathered.take(items, partial(_utterance, channel))
    if kind != "utterance" and len(channels) > 1:
        gathered.merge()
    gathered.aside[MACHINE_SUMMARY] += summaries(fields(response.get("results")), _SUMMARIES)
    about = fields(response.get("metadata"))
    made, own_id = moment(about.get("created")), name(about.get("request_id"))
    heard = listed(fields(response.get("results")).get("channels"), "")
    gathered.language = agreed(fields(channel).get("detected_language") for _, channel in heard)
    yield from results(gathered, lambda: meeting(source, gathered, native_id=own_id, made=made))


def count(source: Source) -> int:
    """The messages of a stream; the utterances, words, sentences or transcripts of a response, and the summary."""
    response, messages = _parts(source)
    if response is None:
        return len(messages)
    return sum(len(items) for _, items in _units(response)[1]) + summaries(fields(response.get("results")), _SUMMARIES)


def _parts(source: Source) -> tuple[Mapping[str, object] | None, list[Item]]:
    """A response, or None and a stream's messages."""
    items = documents(source, reader=_NAME)
    if not items:
        raise SourceEmpty(source.uri)
    first = fields(items[0][1])
    if len(items) > 1 or items[0][0] or "channel" in first:
        return None, items
    if not listed(fields(first.get("results")).get("channels"), ""):
        raise SourceMalformed(source.uri, reader=_NAME, where="/results", problem="no channels and no messages")
    return first, []


def _units(response: Mapping[str, object]) -> tuple[str, list[tuple[str | None, list[Item]]]]:
    """What the units are, and those of each channel with the channel's name where there are several."""
    found = fields(response.get("results"))
    channels = listed(found.get("channels"), "/results/channels")
    if utterances := listed(found.get("utterances"), "/results/utterances"):
        several = len(channels) > 1
        return "utterance", [(_channel(fields(item).get("channel"), several), [(at, item)]) for at, item in utterances]
    for kind, units in (("word", _words), ("sentence", _sentences), ("transcript", _transcript)):
        named = [
            (_channel(at, len(channels) > 1), units(fields(channel), place))
            for at, (place, channel) in enumerate(channels)
        ]
        if any(items for _, items in named):
            return kind, named
    return "word", []


def _best(channel: Mapping[str, object]) -> Mapping[str, object]:
    alternatives = listed(channel.get("alternatives"), "")
    return fields(alternatives[0][1]) if alternatives else {}


def _words(channel: Mapping[str, object], place: str) -> list[Item]:
    return listed(_best(channel).get("words"), f"{place}/alternatives/0/words")


def _sentences(channel: Mapping[str, object], place: str) -> list[Item]:
    place = f"{place}/alternatives/0/paragraphs/paragraphs"
    items: list[Item] = []
    for at, paragraph in listed(fields(_best(channel).get("paragraphs")).get("paragraphs"), place):
        speaker = {"speaker": fields(paragraph).get("speaker")}
        spoken = listed(fields(paragraph).get("sentences"), f"{at}/sentences")
        items += [(one, {**speaker, **item} if isinstance(item, dict) else item) for one, item in spoken]
    return items


def _transcript(channel: Mapping[str, object], place: str) -> list[Item]:
    return [(f"{place}/alternatives/0", _best(channel))] if "transcript" in _best(channel) else []


def _utterance(channel: str | None, item: Mapping[str, object]) -> Heard:
    text = text_of(item, "transcript", "text")
    return said(text, speaker=_speaker(channel, item), start_ms=seconds_ms(item, "start"), end_ms=_end(item))


def _word(channel: str | None, item: Mapping[str, object], place: str) -> Word:
    text = text_of(item, "punctuated_word", "word")
    return Word(text, place, _speaker(channel, item), seconds_ms(item, "start"), _end(item))


def _message(item: Mapping[str, object]) -> Heard:
    """A stream's message: its words as sentences, or its transcript where it has no words."""
    channel = item.get("channel")
    if item.get("type", "Results") != "Results" or not isinstance(channel, dict):
        return "event"
    if item.get("is_final") is not True:
        return NOT_FINAL
    index = item.get("channel_index")
    where = (
        _channel(index[0], several=True) if isinstance(index, list) and index and index[1:] not in ([], [1]) else None
    )
    spoken = [_word(where, fields(word), place) for place, word in listed(_best(channel).get("words"), "")]
    if spoken:
        return list(sentences_of([word for word in spoken if word.text])) or NO_WORDS
    return said(_best(channel).get("transcript"), speaker=where, start_ms=seconds_ms(item, "start"), end_ms=_end(item))


def _end(item: Mapping[str, object]) -> int | None:
    if "end" in item or "duration" not in item:
        return seconds_ms(item, "end")
    start, length = seconds_ms(item, "start"), seconds_ms(item, "duration")
    return start + length if start is not None and length is not None else None


def _channel(value: object, several: bool) -> str | None:
    named = name(value)
    return f"Channel {named}" if several and named is not None else None


def _speaker(channel: str | None, item: Mapping[str, object]) -> str | None:
    return ", ".join(one for one in (channel, label(item.get("speaker"), "Speaker ")) if one) or None


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".json", ".jsonl"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="utterances, words or messages",
)
