"""Every reader keeps the same laws, on our own samples and, where they are at hand, on real files."""

from pathlib import Path

import pytest

from ingest.errors import NoReader, SourceEmpty, SourceError
from ingest.pipeline import extract, read, sources_in
from ingest.records import Session, Source
from ingest.registry import reader_for, readers
from ingest.sources import Declared, stdin_source
from ingest.text import normalise

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "data" / "samples"
REAL = ROOT.parent / "shared" / "samples"
REAL_FOLDERS = (
    "adr",
    "agent-aider",
    "agent-amp",
    "agent-claude-code",
    "agent-cline",
    "agent-codex",
    "agent-copilot",
    "agent-cursor",
    "agent-gemini",
    "agent-opencode",
    "agent-others",
    "agent-specstory",
    "asr-json",
    "chat-slack",
    "issue-jira",
    "mail-mbox",
    "meeting-aws-docx",
    "meeting-google-meet",
    "meeting-minutes",
    "meeting-otter",
    "meeting-podcast",
    "meeting-subtitles",
    "meeting-teams",
    "meeting-zoom",
    "pr-gerrit",
    "pr-github-graphql",
    "pr-github-rest",
    "pr-github-webhooks",
    "pr-gitlab",
)


WRITTEN = [reader for reader in readers() if reader.name != "audio"]
"""Recordings are made when their tests run (tests/ingest/readers/test_audio*.py keeps these laws for them)."""


def sources(folder: Path) -> list[Source]:
    return [item for item in sources_in(folder, Declared()) if isinstance(item, Source)]


def check(session: Session) -> None:
    for position, utterance in enumerate(session.utterances):
        assert utterance.index == position
        assert utterance.text.strip()
        assert utterance.text == normalise(utterance.text)
        assert utterance.locator
    for candidate in session.stated:
        assert [part.kind for part in candidate.parts].count("choice") == 1
        for part in candidate.parts:
            for span in part.spans:
                assert session.utterances[span.utterance_index].text[span.start_char : span.end_char] == span.quote


def test_every_reader_has_a_sample_and_every_sample_its_reader() -> None:
    folders = {folder.name for folder in SAMPLES.iterdir() if folder.is_dir()}
    assert folders == {reader.name for reader in WRITTEN}


@pytest.mark.parametrize("reader", WRITTEN, ids=lambda reader: reader.name)
def test_samples_are_recognised_by_content_and_their_counts_add_up(reader: object) -> None:
    found = sources(SAMPLES / reader.name)  # type: ignore[attr-defined]  # pytest hands parameters over untyped
    assert found
    for source in found:
        assert reader_for(source) is reader
        reading = read(source, reader_for(source))  # raises when read is not kept + set aside + rejected
        assert reading.kept > 0
        for session in reading.sessions:
            check(session)


@pytest.mark.parametrize("reader", WRITTEN, ids=lambda reader: reader.name)
def test_a_name_without_an_ending_changes_nothing(reader: object) -> None:
    for source in sources(SAMPLES / reader.name):  # type: ignore[attr-defined]  # as above
        if not source.members:
            with source.open() as stream:
                assert reader_for(stdin_source(stream.read(), Declared(stdin_name="export"))) is reader


@pytest.mark.parametrize("reader", WRITTEN, ids=lambda reader: reader.name)
def test_a_sample_cut_anywhere_still_adds_up_or_is_refused_with_a_reason(reader: object) -> None:
    for source in sources(SAMPLES / reader.name):  # type: ignore[attr-defined]  # as above
        with source.open() as stream:
            data = stream.read()
        for at in range(1, len(data), max(1, len(data) // 12)):
            cut = stdin_source(data[:at], Declared(stdin_name=source.name))
            try:
                read(cut, reader_for(cut))
            except SourceError as error:
                assert str(error)


@pytest.mark.parametrize(
    "data",
    [b"\x00\x01\x02\x03" * 100, b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b'{"a": 1}', b"[]", b"[[[[", b"{" * 100_000],
    ids=["binary", "picture", "unknown json", "empty list", "broken json", "deep json"],
)
def test_what_is_no_conversation_has_no_reader(data: bytes) -> None:
    with pytest.raises(NoReader, match=r"Readers: "):
        reader_for(stdin_source(data, Declared()))


def test_nothing_at_all_is_an_empty_source() -> None:
    with pytest.raises(SourceEmpty):
        stdin_source(b"", Declared())


@pytest.mark.parametrize("folder", REAL_FOLDERS)
def test_real_files_parse_with_counts_that_add_up_and_every_claim_quotes_its_source(folder: str) -> None:
    if not REAL.is_dir():
        pytest.skip(f"real samples are not at {REAL.name}/ beside the repository")
    kept = 0
    for source in sources(REAL / folder):
        try:
            reader = reader_for(source)
        except NoReader:
            continue
        reading = read(source, reader)
        kept += reading.kept
        for session in reading.sessions:
            check(session)
            for candidate in extract(session).candidates:
                assert candidate.parts
    assert kept > 0
