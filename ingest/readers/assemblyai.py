"""AssemblyAI transcripts, the JSON that its API returns: one file is one meeting.

Unit: an item of `utterances` where speakers were asked for, else a word of `words`; and each summary. An item is kept,
rejected with its JSON pointer (no object, no text, a time that is no number), or set aside:
  `no words`         the text is blank
  `machine_summary`  `summary` or `chapters`: a model wrote it
Words become sentences, one utterance each. A transcript that is still queued, or failed, is an error as a whole.

Speakers are the letters of the diarisation (`Speaker A`) or the names it was told. Times are milliseconds.

Locator: the JSON pointer, `/utterances/3`, or of a sentence's first word, `/words/41`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ingest.errors import SourceEmpty, SourceMalformed
from ingest.json_source import Item, document, label, listed, millis, name, shape, summaries, text_of
from ingest.json_values import fields
from ingest.language_names import tag
from ingest.records import Reader, Rejected, Session, Source
from ingest.speech import MACHINE_SUMMARY, Gathered, Heard, Word, meeting, results, said

_NAME = "assemblyai"
_NOTE = "unconfirmed format: AssemblyAI"
_SUMMARIES = ("summary", "chapters")
_MARKS = ("acoustic_model", "language_model", "speech_model", "speech_models", "audio_url", "audio_duration")


def accepts(source: Source) -> int:
    """67 for words or utterances in whole milliseconds, or none yet, beside a key that only this API has."""
    found = shape(source)
    marks = sum(f"/{key}" in found for key in _MARKS)
    at = [found.get(f"/{key}/*/start") for key in ("utterances", "words")]
    timed = any(start is not None and start.lstrip("-").isdigit() for start in at)
    if timed and (marks or "/utterances/*/words/*/confidence" in found):
        return 67
    return 54 if marks >= 2 and {"/id", "/status"} <= found.keys() else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The meeting, after the items that break the format.

    Raises: SourceMalformed for what is no finished transcript; SourceEmpty where nothing was said.
    """
    body, utterances, words = _items(source)
    gathered = Gathered(language=tag(body.get("language_code")))
    if utterances:
        gathered.take(utterances, _utterance)
    else:
        gathered.take_words(words, _word)
    gathered.aside[MACHINE_SUMMARY] += summaries(body, _SUMMARIES)
    yield from results(gathered, lambda: meeting(source, gathered, native_id=name(body.get("id")), notes=(_NOTE,)))


def count(source: Source) -> int:
    """The utterances, else the words, and the summaries."""
    body, utterances, words = _items(source)
    return len(utterances or words) + summaries(body, _SUMMARIES)


def _items(source: Source) -> tuple[Mapping[str, object], list[Item], list[Item]]:
    body = fields(document(source, reader=_NAME))
    state = name(body.get("status")) or "completed"
    if state != "completed":
        problem = f"the transcript is not completed but {state if len(state) <= 40 else 'in a state unheard of'}"
        raise SourceMalformed(source.uri, reader=_NAME, where="/status", problem=problem)
    if not {"utterances", "words", "text"} & body.keys():
        raise SourceMalformed(source.uri, reader=_NAME, where="the top", problem="no utterances and no words")
    utterances, words = (listed(body.get(key), f"/{key}") for key in ("utterances", "words"))
    if not utterances and not words and not summaries(body, _SUMMARIES):
        raise SourceEmpty(source.uri)
    return body, utterances, words


def _utterance(item: Mapping[str, object]) -> Heard:
    return said(item.get("text"), speaker=_speaker(item), start_ms=millis(item, "start"), end_ms=millis(item, "end"))


def _word(item: Mapping[str, object], place: str) -> Word:
    return Word(text_of(item, "text"), place, _speaker(item), millis(item, "start"), millis(item, "end"))


def _speaker(item: Mapping[str, object]) -> str | None:
    return label(item.get("speaker"), "Speaker ")


READER = Reader(
    name=_NAME,
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="utterances or words",
)
