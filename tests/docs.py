"""The tables of README.md, written by cog from the code they describe."""

import ast
import re
from pathlib import Path

import click

from ingest.registry import readers
from intent_server.cli.main import COMMANDS, intent
from intent_server.mcp.server import TITLES

ROOT = Path(__file__).parent.parent


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def readers_table() -> str:
    """Each reader with its first docstring line and its unit."""
    rows = [
        (f"`{reader.name}`", first_line(ROOT / f"ingest/readers/{reader.name}.py"), reader.unit) for reader in readers()
    ]
    return table(("reader", "reads", "unit"), rows)


def commands_table() -> str:
    """Each command with the first sentence of its help."""
    context = click.Context(intent, info_name="intent")
    rows = []
    for name in COMMANDS:
        command = intent.get_command(context, name)
        assert command is not None
        rows.append((f"`intent {name}`", command.get_short_help_str(limit=200)))
    return table(("command", "does"), rows)


def tools_table() -> str:
    """Each MCP tool with its description."""
    texts = [ROOT / f"intent_server/mcp/descriptions/{name}.md" for name in TITLES]
    return table(("tool", "description"), [(f"`{path.stem}`", " ".join(path.read_text().split())) for path in texts])


def views_table() -> str:
    """Each view with its comment and columns."""
    rows = []
    for path in sorted((ROOT / "intent_server/store/views").glob("*.sql")):
        text = path.read_text()
        for view, comment in re.findall(r"COMMENT ON VIEW (intent\.\w+) IS\s+'((?:[^']|'')*)'", text):
            columns = re.findall(rf"COMMENT ON COLUMN {re.escape(view)}\.\"?(\w+)\"? IS", text)
            rows.append((f"`{view}`", comment.replace("''", "'"), ", ".join(columns)))
    return table(("view", "holds", "columns"), sorted(rows))


def map_of_modules() -> str:
    """Every module with the first line of its docstring; parts (`<module>_<noun>.py`) are left to the folder."""
    lines = []
    for package in ("ingest", "intent_server"):
        paths = sorted((ROOT / package).rglob("*.py"))
        for path in paths:
            is_part = any(path.stem.startswith(f"{other.stem}_") and other.parent == path.parent for other in paths)
            if path.name != "__init__.py" and not is_part:
                lines.append(f"{path.relative_to(ROOT).as_posix():<42}{first_line(path)}")
    return "```\n" + "\n".join(lines) + "\n```\n"


def first_line(path: Path) -> str:
    """The first line of a module's docstring, without its full stop."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.splitlines()[0].rstrip(".") if text else ""
