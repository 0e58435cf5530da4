"""What language a source says that it is in, for each format that says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from ingest.pipeline import read
from ingest.records import Session
from ingest.registry import reader_for
from ingest.sources import Declared, file_source

WORDS = "Tak, dobrze."


def only(tmp_path: Path, name: str, content: str | Mapping[str, object]) -> Session:
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    source = file_source(path, Declared())
    [session] = read(source, reader_for(source)).sessions
    return session


def job(**more: object) -> Mapping[str, object]:
    segment = {
        "id": 0,
        "transcript": WORDS,
        "start_time": "0.0",
        "end_time": "1.0",
        "speaker_label": "spk_0",
        "items": [0],
    }
    items = [{"id": 0, "type": "pronunciation", "start_time": "0.0", "end_time": "1.0", "alternatives": []}]
    found = {"transcripts": [{"transcript": WORDS}], "items": items, "audio_segments": [segment], **more}
    return {"jobName": "call", "accountId": "1", "status": "COMPLETED", "results": found}


def deepgram(*languages: str) -> Mapping[str, object]:
    word = {"word": "tak", "start": 0.0, "end": 0.5, "confidence": 0.9, "punctuated_word": "Tak."}
    heard = [{"transcript": "Tak.", "confidence": 0.9, "words": [word]}]
    channels = [{"detected_language": one, "language_confidence": 0.9, "alternatives": heard} for one in languages]
    return {"metadata": {"request_id": "r-1", "channels": len(channels)}, "results": {"channels": channels}}


SEGMENT = {"id": 0, "start": 0.0, "end": 1.0, "text": f" {WORDS}"}
CPP = {"timestamps": {"from": "00:00:00,000", "to": "00:00:01,000"}, "offsets": {"from": 0, "to": 1000}, "text": WORDS}
CUE = f"00:00.000 --> 00:01.000\n{WORDS}\n"
ENTRY = {
    "participant": "conferenceRecords/c/participants/p",
    "text": WORDS,
    "startTime": "2026-03-02T09:00:00Z",
    "endTime": "2026-03-02T09:00:01Z",
}
PAYLOAD = {"startDateTime": "2026-03-02T09:00:00Z", "speakerName": "Mara", "spokenText": WORDS}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("whisper.json", {"text": WORDS, "segments": [SEGMENT], "language": "pl"}),
        ("openai.json", {"task": "transcribe", "language": "polish", "text": WORDS, "segments": [SEGMENT]}),
        ("cpp.json", {"params": {"language": "auto"}, "result": {"language": "pl"}, "transcription": [CPP]}),
        ("deepgram.json", deepgram("pl", "pl")),
        (
            "assemblyai.json",
            {
                "id": "a-1",
                "status": "completed",
                "language_code": "pl",
                "audio_duration": 1,
                "text": WORDS,
                "utterances": [
                    {"speaker": "A", "text": WORDS, "start": 0, "end": 1000, "confidence": 0.9, "words": []}
                ],
                "words": [{"text": "Tak,", "start": 0, "end": 500, "confidence": 0.9, "speaker": "A"}],
            },
        ),
        ("aws.json", job(language_code="pl-PL")),
        (
            "aws-call.json",
            {
                "JobStatus": "COMPLETED",
                "LanguageCode": "pl-PL",
                "Transcript": [
                    {
                        "Id": "1",
                        "Content": WORDS,
                        "ParticipantRole": "AGENT",
                        "BeginOffsetMillis": 0,
                        "EndOffsetMillis": 900,
                    }
                ],
            },
        ),
        (
            "bedrock.json",
            {
                "metadata": {"asset_id": "0"},
                "audio_items": [],
                "audio_segments": [
                    {
                        "segment_index": 0,
                        "audio_segment_index": 0,
                        "type": "TRANSCRIPT",
                        "text": WORDS,
                        "language": "PL",
                        "start_timestamp_millis": 0,
                        "end_timestamp_millis": 900,
                    }
                ],
                "audio": {},
            },
        ),
        (
            "fathom.json",
            {
                "title": "Spotkanie",
                "recording_id": 7,
                "transcript_language": "pl",
                "created_at": "2026-03-02T10:00:00Z",
                "transcript": [{"speaker": {"display_name": "Mara"}, "text": WORDS, "timestamp": "00:00:01"}],
            },
        ),
        (
            "meet.json",
            {
                "transcriptEntries": [
                    {"name": f"conferenceRecords/c/transcripts/t/entries/{at}", "languageCode": "pl-PL", **ENTRY}
                    for at in (1, 2)
                ]
            },
        ),
        ("stream.vtt", f'WEBVTT\n\nNOTE duration:"00:00:01"\n\nNOTE language:pl-pl\n\n{CUE}'),
        ("youtube.vtt", f"WEBVTT\nKind: captions\nLanguage: pl\n\n{CUE}"),
        (
            "teams.vtt",
            "WEBVTT\n\n00:00.000 --> 00:01.000\n" + json.dumps({**PAYLOAD, "spokenLanguage": "pl-pl"}) + "\n",
        ),
    ],
)
def test_a_session_is_in_the_language_that_its_source_states(
    tmp_path: Path, name: str, content: str | Mapping[str, object]
) -> None:
    assert only(tmp_path, name, content).language == "pl"


def test_what_whisper_translated_is_in_english(tmp_path: Path) -> None:
    said = {**SEGMENT, "text": " Yes, fine."}
    given = {"task": "translate", "language": "polish", "text": "Yes, fine.", "segments": [said]}
    assert only(tmp_path, "translated.json", given).language == "en"


def test_channels_in_several_languages_state_none(tmp_path: Path) -> None:
    assert only(tmp_path, "deepgram.json", deepgram("pl", "de")).language is None


@pytest.mark.parametrize("line", ["Language: ", "Language: und", "Language: what was said"])
def test_a_header_that_names_no_language_states_none(tmp_path: Path, line: str) -> None:
    assert only(tmp_path, "captions.vtt", f"WEBVTT\n{line}\n\n{CUE}").language is None
