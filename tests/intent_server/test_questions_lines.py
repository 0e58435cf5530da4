"""Questions about lines: what is tied to them, to the whole file, or to other places in it."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.registry import reader_for
from ingest.sources import Declared, file_source
from intent_server import questions, questions_anchors, record
from intent_server.answers import Why
from intent_server.config import Settings
from intent_server.questions_lines import Held, spots, told
from intent_server.record_git import ingest_git
from intent_server.store import load_anchors
from intent_server.store.connect import open_reader
from intent_server.store.load_anchors import FileNames, TiedDecision

LAYERS = """class UndoLayers {
  constructor (limit) {
    this.limit = limit
  }

  undo () {
    return this.images.pop()
  }
}

/**
 * What was drawn, oldest first.
 */
class ImageCollection {
  add (image) {
    this.images.push(image)
  }
}

module.exports = UndoLayers
"""
PLACE = "src/undo/undo.layers.js"
RECORD = """# Where drawn images are kept

- Status: accepted
- Date: 2026-03-02

## Considered Options

- `{name}` holds them
- An array on the canvas

## Decision Outcome

Chosen option: "`{name}` holds them", because {reason}.
"""


def git(folder: Path, *arguments: str) -> None:
    who = {"GIT_AUTHOR_NAME": "Mara", "GIT_AUTHOR_EMAIL": "m@x.example", "GIT_CONFIG_GLOBAL": os.devnull}
    who |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in who.items()}
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, env=os.environ | who, capture_output=True)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A store with a repository of one file and a decision about one of its two classes."""
    place = tmp_path / "draw" / PLACE
    place.parent.mkdir(parents=True)
    place.write_text(LAYERS)
    git(tmp_path / "draw", "init", "-q", "-b", "main")
    git(tmp_path / "draw", "add", "-A")
    git(tmp_path / "draw", "commit", "-q", "-m", "Undo")
    settings = Settings(store=tmp_path / "intent.duckdb")
    ingest_git(record.recorder(settings), tmp_path / "draw")
    decided(settings, tmp_path, "0001-images.md", "ImageCollection", "undo then needs no copy")
    return settings


def decided(settings: Settings, folder: Path, name: str, about: str, reason: str) -> None:
    (folder / name).write_text(RECORD.format(name=about, reason=reason))
    source = file_source(folder / name, Declared())
    record.ingest_source(record.recorder(settings), source, reader_for(source))


def why(settings: Settings, subject: str) -> Why:
    return questions.why(questions.asker(settings), "", subject=subject)


def test_a_line_of_a_symbol_is_decided_by_what_is_tied_to_it(settings: Settings) -> None:
    for line in (12, 14, 16, 18):
        answer = why(settings, f"{PLACE}:{line}")
        assert (answer.verdict, len(answer.decisions), answer.left_out) == ("decided", 1, None), line
        assert answer.decisions[0].came_by is not None
        assert answer.decisions[0].came_by.target_kind == "symbol"


@pytest.mark.parametrize("line", [3, 8, 20])
@pytest.mark.parametrize("is_subject", [True, False])
def test_a_decision_of_another_symbol_does_not_decide_a_line(settings: Settings, line: int, is_subject: bool) -> None:
    asked = f"{PLACE}:{line}"
    answer = why(settings, asked) if is_subject else questions.why(questions.asker(settings), asked)
    assert (answer.verdict, answer.decisions) == ("no record", [])
    assert answer.left_out == (
        "Elsewhere in this file, not tied to this line: 1 decision (ImageCollection, lines 11-18)."
    )
    assert answer.next == "Ask of the file, without the line."


def test_the_whole_file_is_decided_by_what_is_tied_to_any_of_its_symbols(settings: Settings) -> None:
    assert why(settings, PLACE).verdict == "decided"


def test_what_is_tied_to_the_line_comes_before_what_is_tied_to_the_file(settings: Settings, tmp_path: Path) -> None:
    decided(settings, tmp_path, "0002-file.md", PLACE, "one module is enough")
    answer = why(settings, f"{PLACE}:15")
    assert [one.came_by.target_kind for one in answer.decisions if one.came_by] == ["symbol", "file"]
    assert [one.came_by.target_kind for one in why(settings, f"{PLACE}:3").decisions if one.came_by] == ["file"]


def test_a_symbol_is_found_where_it_stands_now(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "draw" / PLACE).write_text("// moved\n" * 30 + LAYERS)
    assert why(settings, f"{PLACE}:15").verdict == "no record"
    assert why(settings, f"{PLACE}:45").verdict == "decided"


def test_of_an_edited_file_whose_lines_are_known_the_lines_are_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [tied("lines", PLACE, 7, 7, "    return this.images.pop()", link_id="1"), tied("file", PLACE, link_id="2")]
    monkeypatch.setattr(load_anchors, "tied", lambda *_, **__: rows)
    with open_reader(settings.store, wait_s=5) as db:
        found = questions_anchors.tied(db, questions_anchors.about(db, f"{PLACE}:3"))
    assert (dict(found.links), dict(found.elsewhere)) == ({}, {"d": "line 7"})


def tied(
    kind: str, name: str, first: int = 0, last: int = 0, text: str | None = None, *, link_id: str = "l"
) -> TiedDecision:
    return TiedDecision("d", link_id, "governs", "name", "", kind, "acme/draw", name, PLACE, first, last, None, text)


def held(text: str | None, *definitions: tuple[str, int], path: str = PLACE) -> list[Held]:
    return [Held(FileNames("acme/draw", path, (path,)), text.splitlines() if text is not None else None, definitions)]


def test_a_block_takes_its_closing_mark_and_ends_at_the_next_of_its_level() -> None:
    text = "def far(\n    a,\n) -> int:\n    return a\n\n\n@cache\ndef near():\n    return 1\n\nX = 1\n"
    assert spots(tied("symbol", f"{PLACE}::far"), held(text)) == [(1, 4)]
    assert spots(tied("symbol", f"{PLACE}::near"), held(text)) == [(7, 9)]


def test_a_view_in_sql_goes_on_to_the_next_definition() -> None:
    text = "CREATE VIEW a AS\nSELECT 1\nFROM b;\n\nCREATE VIEW c AS\nSELECT 2;\n"
    assert spots(tied("symbol", "v.sql::a"), held(text, path="v.sql")) == [(1, 3)]


def test_without_the_file_a_symbol_reaches_to_the_next_that_was_read() -> None:
    here = held(None, ("UndoLayers", 1), ("ImageCollection", 161))
    assert spots(tied("symbol", f"{PLACE}::UndoLayers"), here) == [(1, 160)]
    last = tied("symbol", f"{PLACE}::ImageCollection")
    assert told(last, spots(last, here)) == "ImageCollection, from line 161"


def test_a_place_is_told_as_it_stands_now() -> None:
    row = tied("lines", PLACE, 3, 4, "b\nc")
    assert told(row, spots(row, held("a\nb\nc"))) == "lines 2-3"
    assert told(row, spots(row, held("x"))) == "lines it no longer has"
    gone = tied("symbol", f"{PLACE}::Gone")
    assert told(gone, spots(gone, held("x"))) == "Gone, which it no longer has"
    assert spots(tied("file", PLACE), held("x")) is None


@pytest.mark.parametrize("line", ["15:3", "16-17:2"])
def test_a_column_behind_the_line_is_passed_over(settings: Settings, line: str) -> None:
    assert why(settings, f"{PLACE}:{line}").verdict == "decided"
    assert why(settings, f"{PLACE}#L15-16").verdict == "decided"


def test_no_file_has_a_line_0(settings: Settings, tmp_path: Path) -> None:
    decided(settings, tmp_path, "0002-file.md", PLACE, "one module is enough")
    answer = why(settings, f"{PLACE}:0")
    assert (answer.verdict, answer.decisions) == ("no record", [])
    assert answer.note == f"{PLACE}:0 is no line: the first line of a file is 1."


def test_a_number_of_many_digits_is_a_line_beyond_the_end(settings: Settings) -> None:
    assert why(settings, f"{PLACE}:999999999").note == f"{PLACE}:999999999 goes beyond the file's end: it has 20 lines."


@pytest.mark.parametrize("name", [f"{PLACE}::ImageCollection", f"{PLACE}::UndoLayers::ImageCollection"])
def test_a_symbol_is_asked_for_by_the_name_that_answers_give_it(settings: Settings, name: str) -> None:
    answer = why(settings, name)
    assert answer.verdict == "decided"
    assert [one.came_by.target for one in answer.decisions if one.came_by] == [f"{PLACE}::ImageCollection"]
    other = why(settings, f"{PLACE}::UndoLayers")
    assert (other.verdict, other.decisions) == ("no record", [])
    gone = why(settings, f"{PLACE}::Gone")
    assert gone.left_out == f"Nothing that was read is called '{PLACE}::Gone'."


def test_lines_of_a_path_with_a_space_in_it_are_found(settings: Settings, tmp_path: Path) -> None:
    place = "src/undo/my layers.js"
    (tmp_path / "draw" / place).write_text(LAYERS)
    git(tmp_path / "draw", "add", "-A")
    git(tmp_path / "draw", "commit", "-q", "-m", "Copy")
    ingest_git(record.recorder(settings), tmp_path / "draw")
    assert why(settings, f"{place}:99").note == f"{place}:99 goes beyond the file's end: it has 20 lines."


def test_a_file_that_may_not_be_read_is_as_one_that_is_not_here(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, **_: object) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_text", refused)
    assert why(settings, f"{PLACE}:15").verdict == "decided"


def test_a_form_feed_ends_no_line(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "draw" / PLACE).write_text(LAYERS.replace("\n/**", "\f\x85\f\u2028\f\n/**"), encoding="utf-8")
    assert why(settings, f"{PLACE}:18").verdict == "decided"
    assert why(settings, f"{PLACE}:21").note == f"{PLACE}:21 goes beyond the file's end: it has 20 lines."


def test_of_files_with_one_name_each_link_is_looked_for_in_its_own() -> None:
    here = [*held("def far():\n    x\n\n\nb", path="a/x.py"), *held("\n\nb\ndef far():\n    x", path="b/x.py")]
    row = TiedDecision("d", "l", "governs", "name", "", "symbol", "r", "b/x.py::far", "b/x.py", 0, 0, None, None)
    assert spots(row, here) == [(4, 5)]
    assert spots(replace(row, kind="lines", line_start=3, line_end=3, text="b"), here) == [(3, 3)]
