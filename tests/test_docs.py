"""What README.md says is what the code does."""

import os
import re
import subprocess
from pathlib import Path

import click
import pytest

from intent_server.cli.main import COMMANDS, intent

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[tuple[str, click.Command]]:
    context = click.Context(intent, info_name="intent")
    found = [(name, intent.get_command(context, name)) for name in COMMANDS]
    return [(name, command) for name, command in found if command is not None]


def test_every_command_exists_has_help_and_is_documented() -> None:
    assert [name for name, _ in commands()] == list(COMMANDS)
    for name, command in commands():
        assert command.help, name
        assert f"`intent {name}`" in README


@pytest.mark.parametrize(("name", "command"), commands())
def test_every_option_says_what_it_does(name: str, command: click.Command) -> None:
    for option in command.params:
        assert not isinstance(option, click.Option) or option.help, f"{name} {option.name}"


def test_every_setting_is_documented() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "intent_server").glob("config*.py")]
    settings = {name for text in texts for name in re.findall(r"INTENT_[A-Z_]+", text)}
    assert settings
    assert all(f"`{name}`" in README for name in settings)


def test_command_one_installs_and_ends_with_a_real_answer(tmp_path: Path) -> None:
    """The README's first command, as printed, in a clean clone with an environment of its own."""
    shown = re.search(r"<!-- command: try -->\n```bash\n(.+?)\n```", README, re.S)
    assert shown
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("INTENT_", "PYTHON", "VIRTUAL"))}
    kept["PIP_COMPILE"] = "0"  # what is imported is compiled then, and most of it never is
    done = subprocess.run(["bash", "-ec", shown[1]], cwd=clone, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer = done.stdout
    assert re.search(r"^decided", answer, re.M)
    assert "DuckDB" in answer
    assert "because" in answer
    assert re.search(r"“.+”\n\s+\w.+, characters \d+-\d+", answer)
