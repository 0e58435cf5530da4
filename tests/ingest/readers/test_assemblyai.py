"""AssemblyAI: utterances or words, milliseconds, and what a model wrote."""

from __future__ import annotations

import json

import pytest

from ingest.errors import SourceEmpty, SourceMalformed
from ingest.readers.assemblyai import READER
from ingest.records import Rejected, Session, Source
from ingest.sources import Declared, stdin_source

HEAD = {"id": "t-1", "status": "completed", "audio_url": "https://a.example/x", "acoustic_model": "default"}


def source(document: object) -> Source:
    return stdin_source(json.dumps(document).encode(), Declared())


def read(document: object) -> list[Session | Rejected]:
    return list(READER.read(source(document)))


def word(text: str, start: int, speaker: str | None = None) -> dict[str, object]:
    return {"text": text, "start": start, "end": start + 90, "confidence": 0.9, "speaker": speaker}


def test_utterances_are_kept_with_their_letters_and_milliseconds() -> None:
    (only,) = read({**HEAD, "utterances": [{"speaker": "A", "text": "We wait.", "start": 250, "end": 1_300}]})
    assert isinstance(only, Session)
    (said,) = only.utterances
    assert (said.speaker, said.start_ms, said.end_ms, said.locator) == ("Speaker A", 250, 1_300, "/utterances/0")
    assert (only.native_id, only.identity, only.notes) == ("t-1", "native", ("unconfirmed format: AssemblyAI",))


def test_null_utterances_leave_the_words_as_sentences() -> None:
    words = [word("We", 0), word("wait.", 100), word("Why?", 300), word(" ", 400)]
    (only,) = read({**HEAD, "utterances": None, "words": words})
    assert isinstance(only, Session)
    assert [one.text for one in only.utterances] == ["We wait.", "Why?"]
    assert (only.kept, only.set_aside) == (3, (("no words", 1),))
    assert only.notes[-1] == "speakers unknown"


def test_summaries_and_chapters_are_nobodys_words() -> None:
    document = {**HEAD, "words": [word("Yes.", 0)], "summary": "They agreed.", "chapters": [{"gist": "x"}]}
    (only,) = read(document)
    assert isinstance(only, Session)
    assert only.set_aside == (("machine_summary", 2),)
    assert READER.count(source(document)) == 3


def test_a_bad_utterance_is_rejected_with_its_pointer() -> None:
    rejected, kept = read({**HEAD, "utterances": [{"text": "a", "start": "soon"}, {"text": "b"}]})
    assert isinstance(rejected, Rejected)
    assert isinstance(kept, Session)
    assert (rejected.reason, rejected.where) == ("start is not a number of milliseconds", "/utterances/0")


@pytest.mark.parametrize("state", ["queued", "processing", "error"])
def test_a_transcript_that_is_not_finished_says_so(state: str) -> None:
    with pytest.raises(SourceMalformed, match=f"not completed but {state}"):
        read({**HEAD, "status": state, "text": None})


def test_silence_is_an_empty_source() -> None:
    with pytest.raises(SourceEmpty):
        read({**HEAD, "text": "", "words": [], "utterances": None})


def test_it_is_known_by_its_words_or_by_what_stands_before_a_long_text() -> None:
    assert READER.accepts(source({"words": [word("a", 0)], "audio_duration": 3})) == 67
    assert READER.accepts(source({**HEAD, "text": "word " * 20_000, "words": [word("a", 0)]})) == 54
    assert READER.accepts(source({"words": [{"word": "a", "start": 0.5}], "audio_duration": 3})) == 0
    assert READER.accepts(source({"id": "x", "status": "open", "text": "an issue"})) == 0
