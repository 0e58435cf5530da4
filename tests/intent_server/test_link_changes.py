import pytest

from intent_server.link_changes import Step, carried_out, commits_made, edits


def call(index: int, text: str, *, tool: str = "Edit", native_id: str | None = None) -> Step:
    return Step(index, "tool_call", tool, text, native_id)


def result(index: int, text: str, parent: str | None = None) -> Step:
    return Step(index, "tool_result", "", text, parent_id=parent)


def person(index: int) -> Step:
    return Step(index, "person", "", "")


@pytest.mark.parametrize(
    ("tool", "text"),
    [
        ("Edit", "Edit: src/a.py"),
        ("mcp__files__write_file", "mcp__files__write_file: src/a.py"),
        ("functions.str_replace_editor", "functions.str_replace_editor: src/a.py\nold"),
        ("shell", "apply_patch\n*** Begin Patch\n*** Update File: src/a.py\n@@"),
    ],
)
def test_each_agents_way_to_edit_tells_the_file(tool: str, text: str) -> None:
    assert [edit.path for edit in edits([call(1, text, tool=tool)])] == ["src/a.py"]


@pytest.mark.parametrize(
    ("tool", "text"), [("Read", "Read: src/a.py"), ("Edit", "Edit: {}"), ("Bash", "Bash: cat a.py")]
)
def test_reading_and_running_edit_nothing(tool: str, text: str) -> None:
    assert edits([call(1, text, tool=tool)]) == ()


def test_a_step_of_specstory_carries_a_decision_out() -> None:
    steps = [call(2, "Edit file: agent/src/server.ts\n**Chunk 1**", tool="search_replace"), person(3)]
    assert [edit.path for edit in edits(steps)] == ["agent/src/server.ts"]
    assert 2 in carried_out(steps, 1)


def test_what_aider_says_it_edited_was_edited() -> None:
    found = edits([result(1, "Tokens: 9 sent.\nApplied edit to src/a.py\nCommit 0a1b2c3 feat: wait")])
    assert [(one.path, one.words) for one in found] == [("src/a.py", "Applied edit to src/a.py")]


def test_a_patch_that_moves_a_file_tells_both_names() -> None:
    text = "apply_patch\n*** Update File: a.py\n*** Move to: b.py\n"
    assert [edit.path for edit in edits([call(1, text, tool="shell")])] == ["a.py", "b.py"]


def test_an_edit_whose_result_is_an_error_did_not_happen() -> None:
    steps = [
        call(1, "Edit: a.py", native_id="x"),
        call(2, "Edit: b.py", native_id="y"),
        result(3, "Error: no match", "x"),
    ]
    assert [edit.path for edit in edits(steps)] == ["b.py"]


def test_without_ids_the_error_is_of_the_call_before_it() -> None:
    steps = [call(1, "Edit: a.py"), result(2, "ok"), call(3, "Edit: b.py"), result(4, "failed to apply")]
    assert [edit.path for edit in edits(steps)] == ["a.py"]


def test_commits_are_those_that_git_and_aider_print() -> None:
    steps = [result(1, "[main 0a1b2c3] Retry twice\n 1 file changed"), result(2, "Commit 4d5e6f7 feat: wait")]
    assert [(one.index, one.sha) for one in commits_made(steps)] == [(1, "0a1b2c3"), (2, "4d5e6f7")]


def test_a_hash_that_a_person_or_a_log_shows_was_not_made_here() -> None:
    assert commits_made([Step(1, "person", "", "[main 0a1b2c3] x"), result(2, "commit 0a1b2c3d\nAuthor: Ada")]) == ()


def test_a_decision_is_carried_out_until_the_person_speaks_again() -> None:
    steps = [person(3), call(5, "Edit: a.py"), call(6, "Edit: b.py"), person(7), call(8, "Edit: c.py")]
    within = carried_out(steps, 3)
    assert [edit.path for edit in edits(steps) if edit.index in within] == ["a.py", "b.py"]


def test_one_answer_of_the_person_may_come_before_the_work() -> None:
    assert 6 in carried_out([person(5), call(6, "Edit: a.py")], 3)


def test_work_after_two_turns_of_the_person_is_for_something_else() -> None:
    assert len(carried_out([person(4), person(5), call(6, "Edit: a.py")], 3)) == 0


def test_what_was_edited_before_carries_nothing_out() -> None:
    assert len(carried_out([call(1, "Edit: a.py"), person(2)], 3)) == 0
