"""Calls of editors that take a command and a path: the file that changed is told, whatever reader reads the call."""

from collections.abc import Callable, Mapping

import pytest

from ingest.agent_blocks import call_text
from ingest.agent_turns import call
from ingest.readers.claude_code_calls import call_of
from intent_server.link_edits import edited

NAME = "str_replace_based_edit_tool"
READERS: tuple[Callable[[Mapping[str, object]], str], ...] = (
    lambda given: call_text(NAME, given),
    lambda given: call(NAME, given).text,
    lambda given: call_of(NAME, given).text,
)


@pytest.mark.parametrize("told", READERS)
@pytest.mark.parametrize("command", ["create", "insert", "str_replace", "undo_edit"])
def test_an_edit_names_its_file(told: Callable[[Mapping[str, object]], str], command: str) -> None:
    text = told({"command": command, "path": "src/a.py", "old_str": "x = 1", "new_str": "x = 2"})
    assert edited(NAME, text) == ("src/a.py",)


@pytest.mark.parametrize("told", READERS)
@pytest.mark.parametrize(
    "given",
    [
        {"command": "view", "path": "src/a.py"},
        {"command": "create"},
        {"command": "create", "path": 7},
    ],
)
def test_other_calls_edit_nothing(told: Callable[[Mapping[str, object]], str], given: Mapping[str, object]) -> None:
    assert edited(NAME, told(given)) == ()
