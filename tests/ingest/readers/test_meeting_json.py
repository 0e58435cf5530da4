"""Meeting services' own JSON: Fireflies, Read.ai, Fathom, Google Meet entries, Granola's cache."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from ingest.errors import SourceEmpty, SourceError, SourceMalformed
from ingest.readers import fathom_json, fireflies, granola, meet_entries, read_ai
from ingest.records import Reader, Rejected, Session, Source
from ingest.sources import Declared, stdin_source


def source(document: object) -> Source:
    text = document if isinstance(document, str) else json.dumps(document)
    return stdin_source(text.encode(), Declared())


def sessions(reader: Reader, document: object) -> list[Session]:
    opened = source(document)
    found = list(reader.read(opened))
    accounted = sum(
        item.units if isinstance(item, Rejected) else item.kept + sum(units for _, units in item.set_aside)
        for item in found
    )
    assert accounted == reader.count(opened)
    return [item for item in found if isinstance(item, Session)]


def cache(documents: object, transcripts: object, **state: object) -> dict[str, object]:
    return {"cache": json.dumps({"state": {"documents": documents, "transcripts": transcripts, **state}, "version": 3})}


def heard(text: str, **more: object) -> dict[str, object]:
    return {"id": text, "text": text, "source": "system", "start_timestamp": "2026-03-24T10:00:05Z", **more}


@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: {"data": {"transcript": one}}, lambda one: [one]])
def test_fireflies_names_a_speaker_by_number_where_the_sentence_does_not(wrap: object) -> None:
    assert callable(wrap)
    document = wrap(
        {
            "id": "f1",
            "title": "Weekly",
            "date": 1774339200000,
            "sentences": [
                {"speaker_id": 0, "speaker_name": None, "text": "First.", "start_time": "1.25", "end_time": 2},
                {"speaker_id": 0, "speaker_name": "Mara", "text": "Second.", "start_time": 3},
                {"speaker_id": "7", "speaker_name": None, "text": " ", "raw_text": "third"},
            ],
            "summary": {"overview": "Written by a model.", "action_items": None},
        }
    )
    assert fireflies.READER.accepts(source(document)) == 66
    (only,) = sessions(fireflies.READER, document)
    assert [one.speaker for one in only.utterances] == ["Mara", "Mara", "Speaker 7"]
    assert (only.utterances[0].start_ms, only.utterances[2].text) == (1_250, "third")
    assert (only.native_id, only.title, only.started_at) == ("f1", "Weekly", datetime(2026, 3, 24, 8, tzinfo=UTC))
    assert (only.kept, only.set_aside) == (3, (("machine_summary", 1),))


def test_fireflies_transcripts_in_one_answer_are_meetings_of_their_own() -> None:
    one = {"id": "a", "sentences": [{"speaker_name": "A", "text": "x"}]}
    document = {"data": {"transcripts": [one, 5, {**one, "id": "b"}, {"id": "c", "sentences": []}]}}
    assert [found.native_id for found in sessions(fireflies.READER, document)] == ["a", "b"]


def test_read_ai_blocks_are_instants_and_its_report_is_nobodys_words() -> None:
    block = {
        "speaker": {"name": "Aiko"},
        "words": "Where is it?",
        "start_time": 1774512000400,
        "end_time": 1774512002000,
    }
    document = {
        "session_id": "r1",
        "trigger": "meeting_end",
        "title": "Onboarding",
        "start_time": "2026-03-26T08:00:00Z",
        "summary": "A model wrote this.",
        "action_items": [{"text": "x"}],
        "topics": [],
        "transcript": {"speakers": [{"name": "Aiko"}], "speaker_blocks": [block, {**block, "words": ""}, 3]},
    }
    assert read_ai.READER.accepts(source(document)) == 64
    (only,) = sessions(read_ai.READER, document)
    assert only.utterances[0].said_at == datetime(2026, 3, 26, 8, 0, 0, 400_000, tzinfo=UTC)
    assert (only.utterances[0].speaker, only.native_id) == ("Aiko", "r1")
    assert only.set_aside == (("machine_summary", 2), ("no words", 1))
    assert only.notes == ("unconfirmed format: Read.ai",)


def test_read_ai_times_too_small_for_an_instant_are_places_in_the_recording() -> None:
    block = {"speaker": {"name": "Aiko"}, "words": "Here.", "start_time": 1_200, "end_time": 2_000}
    ((only,),) = (one.utterances for one in sessions(read_ai.READER, {"transcript": {"speaker_blocks": [block]}}))
    assert (only.start_ms, only.end_ms, only.said_at) == (1_200, 2_000, None)


def test_fathom_meetings_come_alone_on_a_page_or_as_a_bare_transcript() -> None:
    entry = {
        "speaker": {"display_name": "Jonas", "matched_calendar_invitee_email": None},
        "text": "x",
        "timestamp": "00:01:05",
    }
    alone = {
        "recording_id": 7,
        "title": "Review",
        "recording_start_time": "2026-03-25T14:01:10Z",
        "transcript": [entry],
        "default_summary": {"markdown_formatted": "## x"},
        "action_items": [],
    }
    page = {"limit": 10, "next_cursor": None, "items": [alone, {**alone, "recording_id": 8}, "x"]}
    for document, ids in ((alone, ["7"]), (page, ["7", "8"])):
        assert fathom_json.READER.accepts(source(document)) == 65
        found = sessions(fathom_json.READER, document)
        assert [one.native_id for one in found] == ids
        assert found[0].utterances[0].start_ms == 65_000
        assert found[0].set_aside == (("machine_summary", 1),)
        assert found[0].started_at == datetime(2026, 3, 25, 14, 1, 10, tzinfo=UTC)
    (bare,) = sessions(fathom_json.READER, {"transcript": [entry]})
    assert (bare.identity, bare.utterances[0].speaker) == ("content", "Jonas")


def test_meet_entries_of_two_meetings_are_two_sessions_and_participants_give_names() -> None:
    def entry(record: str, number: int, guest: str) -> dict[str, object]:
        top = f"conferenceRecords/{record}"
        return {
            "name": f"{top}/transcripts/t/entries/{number}",
            "participant": f"{top}/participants/{guest}",
            "text": f"said {number}",
            "startTime": f"2026-03-27T09:00:0{number}.250Z",
        }

    guests = [{"name": "conferenceRecords/a/participants/1", "signedinUser": {"displayName": "Priya Nair"}}]
    page = {"transcriptEntries": [entry("a", 1, "1"), entry("a", 2, "2"), entry("b", 3, "1")], "participants": guests}
    assert meet_entries.READER.accepts(source(page)) == 63
    first, second = sessions(meet_entries.READER, page)
    assert [one.speaker for one in first.utterances] == ["Priya Nair", "participants/2"]
    assert first.native_id == "conferenceRecords/a/transcripts/t"
    assert first.utterances[0].said_at == first.started_at == datetime(2026, 3, 27, 9, 0, 1, 250_000, tzinfo=UTC)
    assert (second.kept, second.notes) == (1, ("speakers are participant ids",))


def test_meet_entries_come_one_a_line_as_a_list_or_alone() -> None:
    entry = {"name": "conferenceRecords/a/transcripts/t/entries/1", "text": "x", "participant": "p"}
    lines = json.dumps(entry) + "\n" + '{"text": \n' + json.dumps({**entry, "text": " "})
    for document, places in ((lines, ["#0"]), ([entry, entry], ["/0", "/1"]), (entry, ["#"])):
        assert meet_entries.READER.accepts(source(document)) == 63
        (only,) = sessions(meet_entries.READER, document)
        assert [one.locator for one in only.utterances] == places
    assert [type(one) for one in meet_entries.READER.read(source(lines))] == [Rejected, Session]


def test_granola_keeps_final_words_and_typed_notes_and_no_panel() -> None:
    about = {"id": "d", "title": "Call", "notes_plain": "We keep\nthe window.", "last_viewed_panel": {"content": "x"}}
    items = [heard("Half", is_final=False), heard("Half a day.", is_final=True), heard("Yes.", source="microphone")]
    document = cache({"d": about}, {"d": items}, documentPanels={"d": {"p1": {"content": "y"}}})
    assert granola.READER.accepts(source(document)) == 70
    (only,) = sessions(granola.READER, document)
    assert [(one.speaker, one.role, one.text) for one in only.utterances] == [
        ("system", "person", "Half a day."),
        ("microphone", "person", "Yes."),
        (None, "document", "We keep\nthe window."),
    ]
    assert only.utterances[0].locator == "/state/transcripts/d/1"
    assert only.set_aside == (("machine_summary", 2), ("not final", 1))
    assert only.started_at == datetime(2026, 3, 24, 10, 0, 5, tzinfo=UTC)


def test_granola_documents_are_meetings_of_their_own_and_deleted_ones_are_emptied() -> None:
    documents = {
        "a": {"title": "A", "created_at": "2026-01-02T00:00:00Z", "notes": {"type": "doc", "content": []}},
        "b": {"title": "B", "deleted_at": "2026-03-25T00:00:00Z"},
        "c": 5,
    }
    transcripts = {"b": [heard("secret")], "x/y": [heard("orphan")], "z": "no list"}
    found = {one.native_id: one for one in sessions(granola.READER, cache(documents, transcripts))}
    assert found.keys() == {"b", "x/y"}
    assert (found["b"].utterances, found["b"].set_aside) == ((), (("deleted", 1),))
    assert found["x/y"].utterances[0].locator == "/state/transcripts/x~1y/0"
    rejected = [one for one in granola.READER.read(source(cache(documents, transcripts))) if isinstance(one, Rejected)]
    assert [(one.reason, one.where) for one in rejected] == [
        ("not an object", "/state/documents/c"),
        ("not a list", "/state/transcripts/z"),
    ]


@pytest.mark.parametrize("is_text", [True, False])
def test_granola_notes_in_the_editors_tree_are_read_line_by_line(is_text: bool) -> None:
    def paragraph(text: str) -> dict[str, object]:
        return {"type": "paragraph", "content": [{"type": "text", "text": text}]}

    items = {"type": "bulletList", "content": [{"type": "listItem", "content": [paragraph("second")]}]}
    tree = {"type": "doc", "content": [paragraph("first"), items]}
    (only,) = sessions(granola.READER, cache({"a": {"notes": json.dumps(tree) if is_text else tree}}, {}))
    assert only.utterances[0].text == "first\nsecond"


def test_an_encrypted_granola_cache_is_refused_with_a_reason() -> None:
    with pytest.raises(SourceMalformed, match="encrypted"):
        sessions(granola.READER, {"cache": "AAECAwQ="})


@pytest.mark.parametrize(
    ("reader", "document"),
    [
        (fireflies.READER, {"data": {"transcript": {"id": "a", "sentences": []}}}),
        (read_ai.READER, {"session_id": "a", "transcript": {"speaker_blocks": []}}),
        (fathom_json.READER, {"transcript": []}),
        (meet_entries.READER, {"transcriptEntries": []}),
        (granola.READER, cache({}, {})),
    ],
)
def test_a_meeting_where_nothing_was_said_is_an_empty_source(reader: Reader, document: object) -> None:
    with pytest.raises(SourceEmpty):
        sessions(reader, document)


@pytest.mark.parametrize(
    "reader", [fireflies.READER, read_ai.READER, fathom_json.READER, meet_entries.READER, granola.READER]
)
@pytest.mark.parametrize("document", [{"text": "a"}, {"transcript": "a"}, {"items": [1]}, {"state": 5}, [1], 5, "x"])
def test_json_of_something_else_is_not_accepted_and_never_crashes(reader: Reader, document: object) -> None:
    assert reader.accepts(source(json.dumps(document))) == 0
    try:
        sessions(reader, json.dumps(document))
    except SourceError as error:
        assert reader.name in str(error) or "empty" in str(error)
