"""Deepgram: one response or a stream of messages; speakers by word, channels, punctuation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.errors import SourceMalformed
from ingest.readers.deepgram import READER
from ingest.records import Rejected, Session, Source
from ingest.sources import Declared, file_source, stdin_source

REAL = Path(__file__).parents[4] / "shared" / "samples" / "asr-json" / "deepgram-prerecorded.json"


def source(document: object) -> Source:
    text = document if isinstance(document, str) else json.dumps(document)
    return stdin_source(text.encode(), Declared())


def session(document: object) -> Session:
    (only,) = (item for item in READER.read(source(document)) if isinstance(item, Session))
    return only


def word(text: str, start: float, speaker: int | None = 0, punctuated: str | None = None) -> dict[str, object]:
    found: dict[str, object] = {"word": text, "start": start, "end": start + 0.2}
    if speaker is not None:
        found["speaker"] = speaker
    return {**found, "punctuated_word": punctuated} if punctuated else found


def channel(*words: dict[str, object], **more: object) -> dict[str, object]:
    return {"alternatives": [{"transcript": "x", "words": list(words), **more}, {"transcript": "second best"}]}


def response(*channels: dict[str, object], **results: object) -> dict[str, object]:
    return {"metadata": {"request_id": "r"}, "results": {"channels": list(channels), **results}}


def message(*words: dict[str, object], final: bool = True, **more: object) -> dict[str, object]:
    heard = {"type": "Results", "channel_index": [0, 1], "start": 0.5, "duration": 1.0, "is_final": final}
    return {**heard, "channel": {"alternatives": [{"transcript": "as heard", "words": list(words)}]}, **more}


def test_words_become_sentences_of_each_speaker_with_their_punctuation() -> None:
    spoken = [word("so", 0, 0, "So."), word("late", 0.3, 0, "Late?"), word("yes", 0.6, 1, "Yes.")]
    found = session(response(channel(*spoken)))
    assert [(one.speaker, one.text) for one in found.utterances] == [
        ("Speaker 0", "So."),
        ("Speaker 0", "Late?"),
        ("Speaker 1", "Yes."),
    ]
    assert found.utterances[2].locator == "/results/channels/0/alternatives/0/words/2"
    assert found.kept == 3


def test_utterances_are_used_where_they_were_asked_for() -> None:
    utterance = {"start": 1.5, "end": 2.0, "channel": 0, "transcript": "Fine.", "speaker": 1}
    (only,) = session(response(channel(word("fine", 1.5)), utterances=[utterance])).utterances
    assert (only.speaker, only.start_ms, only.locator) == ("Speaker 1", 1_500, "/results/utterances/0")


def test_two_channels_are_two_people_even_with_one_number_and_come_in_order_of_time() -> None:
    found = session(response(channel(word("a", 0), word("c", 9)), channel(word("b", 5))))
    assert [(one.speaker, one.text) for one in found.utterances] == [
        ("Channel 0, Speaker 0", "a"),
        ("Channel 1, Speaker 0", "b"),
        ("Channel 0, Speaker 0", "c"),
    ]


def test_paragraphs_stand_in_for_words_and_the_transcript_for_both() -> None:
    sentence = {"text": "It runs.", "start": 1, "end": 2}
    paragraphs = {"paragraphs": [{"speaker": 3, "sentences": [sentence, 5]}]}
    found = list(READER.read(source(response(channel(paragraphs=paragraphs)))))
    assert isinstance(found[0], Rejected)
    assert isinstance(found[1], Session)
    assert (found[1].utterances[0].speaker, found[1].utterances[0].text) == ("Speaker 3", "It runs.")
    assert session(response(channel())).utterances[0].text == "x"


def test_a_summary_is_set_aside_and_the_second_best_reading_is_not_read() -> None:
    found = session(response(channel(word("a", 0)), summary={"result": "success", "short": "They spoke."}))
    assert found.set_aside == (("machine_summary", 1),)
    assert [one.text for one in found.utterances] == ["a"]


@pytest.mark.parametrize("is_lines", [True, False])
def test_of_a_stream_only_final_results_are_words(is_lines: bool) -> None:
    messages = [
        {"type": "Metadata", "request_id": "r", "channel_index": [0, 1]},
        message(word("so", 0.5), final=False),
        message(word("so", 0.5, 0, "So."), word("yes", 0.9, 1, "Yes.")),
        message(channel={"alternatives": [{"transcript": "no words listed"}]}),
        message(channel={"alternatives": [{"transcript": ""}]}),
        {"type": "UtteranceEnd", "channel": [0, 1], "last_word_end": 1.5},
    ]
    document = "\n".join(map(json.dumps, messages)) if is_lines else messages
    assert READER.accepts(source(document)) == 69
    found = session(document)
    assert [one.text for one in found.utterances] == ["So.", "Yes.", "no words listed"]
    assert (found.utterances[2].start_ms, found.utterances[2].end_ms) == (500, 1_500)
    assert found.utterances[0].locator == ("#2" if is_lines else "/2")
    assert (found.kept, found.set_aside) == (2, (("event", 2), ("no words", 1), ("not final", 1)))
    assert READER.count(source(document)) == 6


def test_a_broken_line_of_a_stream_costs_that_line() -> None:
    lines = "\n".join([json.dumps(message(word("a", 0))), '{"type": "Resu', json.dumps(message(word("b", 1)))])
    rejected, kept = READER.read(source(lines))
    assert isinstance(rejected, Rejected)
    assert isinstance(kept, Session)
    assert (rejected.where, kept.kept) == ("#1", 2)


def test_a_channel_of_a_stream_with_two_names_the_speaker() -> None:
    (only,) = session([message(word("a", 0, None), channel_index=[1, 2])]).utterances
    assert only.speaker == "Channel 1"


def test_what_has_neither_channels_nor_messages_is_refused() -> None:
    with pytest.raises(SourceMalformed, match="no channels"):
        session({"results": {"channels": []}})


def test_a_real_response_is_read_by_its_utterances() -> None:
    if not REAL.is_file():
        pytest.skip("the sample collection asr-json is not beside this checkout")
    opened = file_source(REAL, Declared())
    assert READER.accepts(opened) == 69
    (only,) = READER.read(opened)
    assert isinstance(only, Session)
    assert (only.kept, READER.count(opened), only.time_basis) == (14, 14, "assumed")
    document = json.loads(REAL.read_text())
    del document["results"]["utterances"]
    by_words = session(document)
    assert (by_words.kept, READER.count(source(document))) == (160, 160)
    assert " ".join(one.text for one in by_words.utterances) == " ".join(one.text for one in only.utterances)
