import pytest

from intent_server.link_edits import edited, noticed


@pytest.mark.parametrize(
    ("tool", "text"),
    [
        ("Edit file", "Edit file: src/a.ts\nundefined\n\n**Chunk 1**\nLines added: 1, lines removed: 0"),
        ("search_replace", "Edit file: src/a.ts\n**Chunk 1**\nLines added: 1, lines removed: 1"),
        ("search_replace", "search_replace: Edit file: src/a.ts\n**Chunk 1**"),
        ("edit_file_v2", "edit_file_v2: Edit file: src/a.ts"),
        ("edit_file_v2_search_replace", 'search\nParameters:\n\n{\n  "relativeWorkspacePath": "src/a.ts"\n}'),
        ("apply_patch", "Apply patch for src/a.ts\n@@"),
        ("apply_patch", "apply_patch: Apply patch for src/a.ts\n@@"),
        ("apply_patch", "apply_patch\n**Update: `src/a.ts`**\n\n```diff\n@@\n```"),
        ("apply_patch", 'apply_patch\nParameters:\n\n```json\n{\n  "relativeWorkspacePath": "src/a.ts"\n}\n```'),
        ("Edit", "Edit\n```text\nThe file src/a.ts has been updated successfully.\n```"),
        ("Write", "Write\n```ts\n1\n```\n```\nFile created successfully at: src/a.ts (file state is current)\n```"),
    ],
)
def test_each_dialect_of_specstory_tells_the_file_that_was_edited(tool: str, text: str) -> None:
    assert edited(tool, text) == ("src/a.ts",)


@pytest.mark.parametrize(
    ("tool", "text"),
    [
        ("apply_patch", "apply_patch: update src/a.ts"),
        ("editor", "editor: src/a.ts"),
        ("code_action", "code_action: file:///src/a.ts"),
        ("replace_string_in_file", "replace_string_in_file: src/a.ts"),
        ("StrReplace", "StrReplace: src/a.ts"),
        ("ApplyPatch", "ApplyPatch: *** Begin Patch\n*** Update File: src/a.ts\n@@"),
    ],
)
def test_each_agents_own_tools_tell_the_file_that_was_edited(tool: str, text: str) -> None:
    assert [path.lstrip("/") for path in edited(tool, text)] == ["src/a.ts"]


def test_a_patch_told_as_a_list_tells_all_its_files() -> None:
    assert edited("apply_patch", "apply_patch: add docs/b.md\nupdate src/a.ts") == ("docs/b.md", "src/a.ts")


@pytest.mark.parametrize(
    "path", ["My Drive/v4: front/a.ts", r"d:\shop\a.ts", ".env", "Dockerfile", "a.test.ts", "{{x}}/[id].ts"]
)
def test_a_path_may_hold_blanks_and_colons_or_be_a_name_alone(path: str) -> None:
    assert edited("Edit file", f"Edit file: {path}\nundefined") == (path,)


def test_an_address_is_told_as_the_path_it_stands_for() -> None:
    assert edited("code_action", "code_action: file:///c%3A/My%20work/a.ts") == ("c:/My work/a.ts",)


@pytest.mark.parametrize(
    ("tool", "text"),
    [
        ("search_replace", "search_replace"),
        ("Edit file", "Edit file: undefined\nundefined"),
        ("edit_file_v2", "edit_file_v2\nThe string to replace was not found in the file."),
        ("copilot_replaceString", 'copilot_replaceString: Using "Replace String in File"'),
        ("Edit", "Edit\n```text\n<tool_use_error>String to replace not found in src/a.ts</tool_use_error>\n```"),
        ("read_file", "read_file: Read file: src/a.ts"),
        ("Grep", "Grep\n```text\nThe file src/a.ts has been updated\n```"),
    ],
)
def test_a_step_that_names_no_file_or_edits_none_tells_none(tool: str, text: str) -> None:
    assert edited(tool, text) == ()


def test_aider_tells_of_its_edits_in_notices() -> None:
    said = "Tokens: 9 sent.\nApplied edit to src/a.py\nApplied edit to tests/b.py\nCommit 0a1b2c3 feat: wait"
    assert noticed(said) == ("src/a.py", "tests/b.py")
