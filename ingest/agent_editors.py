"""Editors that agents call by a command: `str_replace_editor` with `{"command": "create", "path": "src/a.py"}`."""

from __future__ import annotations

from collections.abc import Mapping

_EDITS = frozenset({"create", "insert", "str_replace", "undo_edit"})
"""What such an editor does to a file; `view` only shows it."""


def edited_path(arguments: Mapping[str, object]) -> str:
    """The file that a call changes, which tells more of it than the command's name; empty for other calls."""
    command, path = arguments.get("command"), arguments.get("path")
    return path if isinstance(command, str) and command in _EDITS and isinstance(path, str) else ""
