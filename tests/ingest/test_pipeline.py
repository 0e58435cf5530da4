"""A source's bytes to sessions ready to be recorded."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.errors import UnitsUnaccounted
from ingest.pipeline import COPIED, OFF_THE_RECORD, ingest_file, mask_rejected, read, sources_in, without
from ingest.records import Candidate, Part, Reader, Rejected, Role, Session, Source, Utterance
from ingest.registry import reader_for
from ingest.sources import Declared, stdin_source
from ingest.text import span

SOURCE = stdin_source(b"words", Declared())


def session(*texts: str, role: Role = "person") -> Session:
    said = tuple(Utterance(at, text, role, f"line {at + 1}", native_id=f"u{at}") for at, text in enumerate(texts))
    return Session(kind="agent_session", native_id="s1", utterances=said, kept=len(said))


def reader(*items: Session | Rejected, count: int) -> Reader:
    def all_items(_: Source) -> Iterator[Session | Rejected]:
        return iter(items)

    return Reader("fixed", frozenset(), lambda _: 1, all_items, lambda _: count, "lines")


def test_units_that_do_not_add_up_are_an_error_with_the_numbers() -> None:
    with pytest.raises(UnitsUnaccounted, match="met 3 units but accounts for 2 kept"):
        read(SOURCE, reader(session("a", "b"), count=3))


def test_kept_set_aside_and_rejected_add_up() -> None:
    heard = replace(session("a", "b"), set_aside=(("note", 3),))
    reading = read(SOURCE, reader(heard, Rejected("broken", "line 6", "x"), count=6))
    assert (reading.read, reading.kept, reading.set_aside) == (6, 2, (("note", 3),))


def test_a_person_keeps_a_session_out_by_the_marker_line() -> None:
    reading = read(SOURCE, reader(session("hello", "and now\n[intent: off the record]\nplease"), count=2))
    assert reading.sessions[0].utterances == ()
    assert reading.set_aside == ((OFF_THE_RECORD, 2),)


@pytest.mark.parametrize("role", ["tool_result", "assistant", "harness"])
def test_what_a_tool_or_an_agent_says_keeps_nothing_out(role: Role) -> None:
    reading = read(SOURCE, reader(session("[intent: off the record]", role=role), count=1))
    assert reading.kept == 1


def test_a_secret_is_masked_in_every_text_of_a_refused_item() -> None:
    token = "ghp_" + "a1B2c3D4e5F6" * 3
    refused = mask_rejected(Rejected(f"unknown {token}", f"key {token}", f"text {token}"))
    assert token not in f"{refused.reason} {refused.where} {refused.text}"


def test_copies_are_set_aside_and_what_rests_on_the_rest_moves_with_it() -> None:
    heard = session("copied", "use DuckDB")
    candidate = Candidate(
        "DuckDB", "accepted", "structured", 1.0, (Part("choice", (span(heard.utterances[1], 4, 10),)),), "x/1"
    )
    left = without(replace(heard, stated=(candidate,)), [0])
    assert (left.kept, left.set_aside) == (1, ((COPIED, 1),))
    moved = left.stated[0].parts[0].spans[0]
    assert left.utterances[moved.utterance_index].text[moved.start_char : moved.end_char] == "DuckDB"


def test_a_decision_that_rests_on_a_copy_goes_with_it() -> None:
    heard = session("use DuckDB", "new")
    candidate = Candidate(
        "DuckDB", "accepted", "structured", 1.0, (Part("choice", (span(heard.utterances[0], 4, 10),)),), "x/1"
    )
    assert without(replace(heard, stated=(candidate,)), [0]).stated == ()


def test_a_file_goes_all_the_way_without_a_store(tmp_path: Path) -> None:
    talk = tmp_path / "2026-03-03.txt"
    talk.write_text("Mara: Let's go with DuckDB because it is one file.\nJonas: Agreed.\nMara: Good.\nJonas: Yes.\n")
    found = ingest_file(talk)
    assert [candidate.status for item in found for candidate in item.candidates] == ["accepted"]


def test_files_whose_names_only_look_like_an_export_are_sources_of_their_own(tmp_path: Path) -> None:
    for day in ("2026-03-03", "2026-03-04"):
        (tmp_path / f"{day}.json").write_text('{"utterances": [{"speaker": "Mara", "text": "Good morning."}]}')
    found = [source for source in sources_in(tmp_path, Declared()) if isinstance(source, Source)]
    assert [source.name for source in found] == ["2026-03-03.json", "2026-03-04.json"]
    assert [reader_for(source).name for source in found] == ["transcript_json", "transcript_json"]
