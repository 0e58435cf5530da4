"""Word transcripts: Teams, Amazon's tables, Meet, Word Transcribe, and what is none."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pipeline import Reading, read
from ingest.readers.docx import READER
from ingest.records import Session
from ingest.registry import reader_for
from ingest.sources import Declared, file_source, stdin_source

REAL = Path(__file__).parents[3].parent / "shared" / "samples" / "meeting-aws-docx" / "example-call.docx"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STRICT = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
BREAK = "<w:r><w:br/></w:r>"
PICTURE = '<w:r><w:drawing><inline xmlns="urn:x"><docPr name="Mara Lindqvist"/></inline></w:drawing></w:r>'


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def para(*inside: str, style: str = "") -> str:
    runs = "".join(item if item.startswith("<") else run(item) for item in inside)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>' if style else f"<w:p>{runs}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{para(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def packed(xml: str | bytes, *, name: str = "word/document.xml") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, xml)
    return stream.getvalue()


def word(*body: str, namespace: str = W) -> bytes:
    return packed(f"<w:document {namespace}><w:body>{''.join(body)}</w:body></w:document>")


def reading(data: bytes, name: str = "call.docx") -> Reading:
    source = stdin_source(data, Declared(stdin_name=name))
    assert reader_for(source) is READER
    return read(source, READER)


def only(data: bytes, name: str = "call.docx") -> Session:
    found = reading(data, name)
    assert not found.rejected
    (session,) = found.sessions
    return session


def said(session: Session) -> list[tuple[str | None, int | None, str]]:
    return [(item.speaker, item.start_ms, item.text) for item in session.utterances]


def teams_turn(name: str, clock: str, *words: str) -> str:
    return para(PICTURE, name, f"   {clock}", BREAK, words[0]) + "".join(para(more) for more in words[1:])


def test_a_teams_header_with_its_words_after_a_line_break_is_one_turn_with_the_paragraphs_below() -> None:
    session = only(
        word(
            para("Orders review-20260409_090212-Meeting Transcript"),
            para("9 April 2026, 03:05pm"),
            para("1h 2m 3s"),
            para(PICTURE, "Mara Lindqvist", " started transcription"),
            teams_turn("Mara Lindqvist", "0:03", "Morning.", "Shall we?"),
            para("Rey, Tomás (External)", "   ", "1:02:03") + para("Yes: let us."),
            para("Mara Lindqvist stopped transcription"),
        )
    )
    assert said(session) == [
        ("Mara Lindqvist", 3_000, "Morning.\nShall we?"),
        ("Rey, Tomás (External)", 3_723_000, "Yes: let us."),
    ]
    assert session.title == "Orders review"
    assert session.started_at is not None
    assert session.started_at.isoformat() == "2026-04-09T15:05:00+00:00"
    assert session.notes == ("the date's time zone is unknown, read as UTC",)
    assert session.set_aside == (("export note", 2), ("preamble", 1))
    assert [item.locator for item in session.utterances] == ["paragraphs 5-6", "paragraphs 7-8"]


def test_a_teams_title_gives_the_date_where_no_date_line_does() -> None:
    session = only(
        word(
            para("Sync-20260615_133555-Meeting Recording"),
            teams_turn("Aiko Tan", "0:03", "Hi."),
            teams_turn("Jonas Weber", "0:05", "Hello."),
        )
    )
    assert session.title == "Sync"
    assert session.started_at is not None
    assert session.started_at.isoformat() == "2026-06-15T13:35:55+00:00"


def test_several_turns_in_one_paragraph_are_told_apart() -> None:
    session = only(word(para("Aiko Tan   0:03", BREAK, "Hi.", BREAK, "Jonas Weber   0:05", BREAK, "Hello.")))
    assert said(session) == [("Aiko Tan", 3_000, "Hi."), ("Jonas Weber", 5_000, "Hello.")]
    assert session.kept == 1


def test_a_header_without_words_is_set_aside_and_counted() -> None:
    session = only(
        word(teams_turn("Aiko Tan", "0:03", "Hi."), para("Jonas Weber   0:05"), teams_turn("Aiko Tan", "0:09", "So."))
    )
    assert [item.text for item in session.utterances] == ["Hi.", "So."]
    assert session.set_aside == (("no words", 1),)


def test_an_unknown_speaker_is_nobody() -> None:
    session = only(word(teams_turn("Unknown Speaker", "0:03", "Hi."), teams_turn("Jonas Weber", "0:05", "Hello.")))
    assert [item.speaker for item in session.utterances] == [None, "Jonas Weber"]


def test_the_older_teams_form_is_read_and_marked_unconfirmed() -> None:
    session = only(
        word(
            para("0:0:0.0 --&gt; 0:0:2.730", BREAK, "Mara Lindqvist", BREAK, "Hello."),
            para("0:0:3.10 --&gt; 0:1:5.0") + para("Priya Nair") + para("Hi.") + para("All here?"),
        )
    )
    assert said(session) == [("Mara Lindqvist", 0, "Hello."), ("Priya Nair", 3_100, "Hi.\nAll here?")]
    assert session.utterances[0].end_ms == 2_730
    assert session.notes == ("unconfirmed format: Teams DOCX before 2022",)


def test_the_transcription_of_word_itself_is_read_and_marked_unconfirmed() -> None:
    session = only(
        word(
            para("Audio file"),
            para("retro.m4a"),
            para("Transcript"),
            para("00:00:02 Speaker 1") + para("How did it go?"),
            para("00:00:05 Speaker 2") + para("At 10:15 it broke."),
        )
    )
    assert said(session) == [("Speaker 1", 2_000, "How did it go?"), ("Speaker 2", 5_000, "At 10:15 it broke.")]
    assert session.notes == ("unconfirmed format: Word Transcribe",)


def test_amazon_table_rows_are_turns_with_hundredths_read_as_such_and_findings_set_aside() -> None:
    session = only(
        word(
            table(("Job Name", "call-7.wav"), ("Job Created", "Tue 24 Mar '26 at 15:01:18"), ("Language", "en-GB")),
            table(
                ("Call Summary Highlights",),
                ("Speaker", "Turn Time", "Detected Text"),
                ("Agent", "0:00:01.0", "A refund."),
            ),
            para("Call Transcription"),
            table(
                ("Start", "Dur.", "Speaker", "", "Transcription"),
                ("0:00:00.4", "5.0s", "Agent", "", "[INTERRUPTION]  Hello, so [ISSUE] it broke."),
                ("0:00:06.31", "4.1s", "spk_1", "", "[PII] yes."),
                ("0:00:07.0", "[CATEGORY] Greeting"),
                ("0:00:09.0", "0.1s", "Agent", "", ""),
            ),
        )
    )
    assert said(session) == [("Agent", 40, "Hello, so it broke."), ("spk_1", 6_310, "[PII] yes.")]
    assert [item.end_ms for item in session.utterances] == [5_040, 10_410]
    assert [item.locator for item in session.utterances] == ["table 3, row 2", "table 3, row 3"]
    assert session.title == "call-7.wav"
    assert session.set_aside == (("machine_summary", 3), ("no words", 1), ("report", 4))
    assert session.notes == ("date of the transcription job",)


def test_another_table_of_turns_is_read_and_marked_unconfirmed() -> None:
    session = only(word(table(("Time", "Speaker", "Text"), ("00:10", "Mara", "Go?"), ("00:12", "Jonas", "Go."))))
    assert said(session) == [("Mara", 10_000, "Go?"), ("Jonas", 12_000, "Go.")]
    assert session.notes == ("unconfirmed format: table of turns",)


def test_a_row_too_short_for_a_column_lacks_only_what_would_stand_there() -> None:
    session = only(word(table(("Speaker", "Text", "Time", "Duration"), ("Mara", "Go?"), ("Jonas", "Go.", "00:12"))))
    assert said(session) == [("Mara", None, "Go?"), ("Jonas", 12_000, "Go.")]


def test_a_meet_document_keeps_the_talk_and_sets_the_notes_of_a_model_aside() -> None:
    session = only(
        word(
            para("Notes by Gemini"),
            para("Invited Mara Lindqvist, Jonas Weber"),
            para("Summary", style="Heading2"),
            para("Mara: the team decided to drop the mart."),
            para("Transcript"),
            para("Apr 9, 2026"),
            para("Orders call - Transcript"),
            para("00:00:00"),
            para("Mara Lindqvist: Do we keep the mart?"),
            para("Jonas Weber: We keep it."),
            para("00:01:00"),
            para("Mara Lindqvist: Good."),
            para("Transcription ended after 00:01:30"),
        )
    )
    assert said(session) == [
        ("Mara Lindqvist", 0, "Do we keep the mart?"),
        ("Jonas Weber", None, "We keep it."),
        ("Mara Lindqvist", 60_000, "Good."),
    ]
    assert session.title == "Orders call"
    assert ("machine_summary", 3) in session.set_aside
    assert "times approximate" in session.notes


def test_notes_of_a_model_without_any_talk_are_nobodys_words() -> None:
    session = only(word(para("Orders call"), para("Notes by Gemini"), para("Summary"), para("Mara chose DuckDB.")))
    assert not session.utterances
    assert session.set_aside == (("machine_summary", 3),)


def test_named_turns_with_times_and_headings_are_read() -> None:
    session = only(
        word(
            para("Planning", style="Heading1"),
            para("[00:00:01] Mara Lindqvist: DuckDB or Postgres?"),
            para("The mart", style="Heading2"),
            para("[00:00:05] Jonas Weber: DuckDB."),
            para("Because it is one file."),
        )
    )
    assert said(session) == [
        ("Mara Lindqvist", 1_000, "DuckDB or Postgres?"),
        ("Jonas Weber", 5_000, "DuckDB.\nBecause it is one file."),
    ]
    assert session.utterances[1].topic == "The mart"
    assert session.title == "Planning"


@pytest.mark.parametrize(
    "body",
    [
        [para("Dear Mrs Tan,"), para("Date: 9 April 2026"), para("Subject: invoice"), para("Please find it enclosed.")],
        [para("Note: first."), para("Note: second."), para("Tel: 12"), para("Note: third.")],
        [table(("Item", "Price"), ("Paper", "3"))],
        [para("The shop opens at 10:15"), para("and closes at 18:00")],
    ],
    ids=["letter", "notes", "table", "times"],
)
def test_a_document_in_which_nobody_speaks_is_rejected_with_the_reason(body: list[str]) -> None:
    found = reading(word(*body))
    assert not found.sessions
    (refused,) = found.rejected
    assert "nobody speaks" in refused.reason
    assert refused.units == found.read


def test_a_decision_record_in_word_is_rejected_with_what_to_do() -> None:
    found = reading(
        word(
            para("Context", style="Heading2"), para("We grow."), para("Decision", style="Heading2"), para("Use DuckDB.")
        )
    )
    assert "save it as Markdown" in found.rejected[0].reason


def test_deleted_text_is_out_inserted_text_in_and_second_copies_of_drawings_are_not_read() -> None:
    tracked = f"<w:ins>{run('maybe ')}</w:ins><w:del><w:r><w:delText>never</w:delText></w:r></w:del>"
    moved = f"<w:moveFrom>{run('gone ')}</w:moveFrom>"
    link = f'<w:hyperlink w:anchor="x">{run("later")}</w:hyperlink>'
    copies = f"<Choice><w:txbxContent>{para('A box.')}</w:txbxContent></Choice><Fallback>{para('A box.')}</Fallback>"
    box = f"<w:r>{copies}</w:r>"
    session = only(word(para("Aiko Tan   0:03", BREAK, tracked, moved, link, box), teams_turn("Mara", "0:05", "Hm.")))
    assert [item.text for item in session.utterances] == ["maybe later\nA box.", "Hm."]


def test_content_controls_and_strict_documents_are_read_alike() -> None:
    held = f"<w:sdt><w:sdtContent>{teams_turn('Aiko Tan', '0:03', 'Hi.')}</w:sdtContent></w:sdt>"
    for namespace in (W, STRICT):
        assert len(only(word(held, teams_turn("Mara", "0:05", "Hm."), namespace=namespace)).utterances) == 2


def test_the_main_part_is_found_under_another_name() -> None:
    body = teams_turn("Aiko Tan", "0:03", "Hi.") + teams_turn("Mara", "0:04", "Hm.")
    xml = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    stream = io.BytesIO(packed(xml, name="word/document2.xml"))
    with zipfile.ZipFile(stream, "a") as archive:
        relation = '<Relationship Id="r" Type="http://x/officeDocument" Target="/word/document2.xml"/>'
        archive.writestr("_rels/.rels", f"<Relationships>{relation}</Relationships>")
    assert len(only(stream.getvalue()).utterances) == 2


def test_the_same_words_have_one_identity_whatever_the_file() -> None:
    body = teams_turn("Aiko Tan", "0:03", "Hi.") + teams_turn("Mara", "0:05", "Hm.")
    assert only(word(body)).native_id == only(word(para("A title"), body), "other.docx").native_id


def test_the_real_amazon_example_gives_its_37_turns() -> None:
    if not REAL.is_file():
        pytest.skip("the real sample is not beside the repository")
    found = read(file_source(REAL, Declared()), READER)
    assert len(found.sessions[0].utterances) == 37
    assert found.sessions[0].utterances[0].start_ms == 40


@given(
    st.lists(st.sampled_from(["Mara   0:03", "Jonas: yes", "words", "00:01", "", "0:0:1.0 --&gt; 0:0:2.0", "Summary"]))
)
def test_counts_add_up_for_any_sequence_of_lines(lines: list[str]) -> None:
    assert reading(word(para("First"), *(para(line) for line in lines))).read == 1 + sum(map(bool, lines))
