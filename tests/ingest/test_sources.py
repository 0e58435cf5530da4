"""Files, folders and standard input."""

import os
from pathlib import Path

import pytest

from ingest.errors import NoRegularFile, SourceEmpty, SourceMissing
from ingest.records import Source
from ingest.sources import Declared, file_source, files_under, gathered, straight


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match=r"nowhere\.vtt"):
        file_source(tmp_path / "nowhere.vtt", Declared())


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.vtt").touch()
    with pytest.raises(SourceEmpty, match=r"empty\.vtt"):
        file_source(tmp_path / "empty.vtt", Declared())


def test_a_loop_of_links_is_walked_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.vtt").write_text("x")
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    assert [path.name for path in files_under(tmp_path)] == ["one.vtt"]


def test_dependency_and_version_control_folders_are_left_out(tmp_path: Path) -> None:
    for folder in (".git", "node_modules", "notes"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text("x")
    assert [path.parent.name for path in files_under(tmp_path)] == ["notes"]


def test_files_that_belong_together_come_as_one_source_and_the_rest_alone(tmp_path: Path) -> None:
    for name in ("comments.json", "notes.txt", "pr.json"):
        (tmp_path / name).write_text(name)
    paths = list(files_under(tmp_path))
    together = frozenset({"pr.json", "comments.json"})
    found = [item for item in gathered(tmp_path, paths, [together], Declared()) if isinstance(item, Source)]
    assert [(source.name, len(source.members)) for source in found] == [("notes.txt", 0), (tmp_path.name, 2)]
    with found[1].open() as stream:
        assert stream.read() == b"comments.json\npr.json"


def test_a_link_to_nowhere_is_reported_and_the_walk_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.vtt").symlink_to(tmp_path / "gone.vtt")
    (tmp_path / "b.vtt").write_text("x")
    found = list(gathered(tmp_path, list(files_under(tmp_path)), [], Declared()))
    assert [item.name if isinstance(item, Source) else item[0].name for item in found] == ["a.vtt", "b.vtt"]
    assert isinstance(found[0], tuple)


def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "talk.md")
    with pytest.raises(NoRegularFile, match=r"talk\.md' is a pipe.*[Ww]rite it to a file.*intent ingest -") as refused:
        file_source(tmp_path / "talk.md", Declared())
    assert refused.value.kind == "a pipe"


def test_a_pipe_and_a_broken_link_in_a_folder_come_with_their_errors(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    (tmp_path / "b.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c.md").write_text("Mara: Hello.")
    found = list(gathered(tmp_path, list(files_under(tmp_path)), [], Declared()))
    assert [type(one[1]) if isinstance(one, tuple) else one.name for one in found] == [
        NoRegularFile,
        SourceMissing,
        "c.md",
    ]


def test_a_file_named_through_the_folder_above_has_the_address_it_has_from_there(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "a.vtt").write_text("x")
    assert file_source(Path(straight(f"{tmp_path}/src/../a.vtt")), Declared()).uri == (tmp_path / "a.vtt").as_posix()
    assert [straight(place) for place in ("-", "a..b.vtt", "git")] == ["-", "a..b.vtt", "git"]


def test_a_link_named_by_two_dots_keeps_its_own_address(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "june.vtt").write_text("WEBVTT\n")
    (tmp_path / "latest.vtt").symlink_to("june.vtt")
    assert straight(f"{tmp_path}/src/../latest.vtt") == (tmp_path / "latest.vtt").as_posix()
    assert straight(f"{tmp_path}/src/..") == tmp_path.as_posix()
