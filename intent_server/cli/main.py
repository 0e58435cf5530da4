"""The `intent` command: subcommands load when called; errors become one stderr line and an exit code here alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword

import click

from ingest.errors import IntentError
from intent_server.errors import ExitCode, exit_code_for

COMMANDS: dict[str, str] = {
    "init": "intent_server.cli.admin",
    "ingest": "intent_server.cli.ingest",
    "why": "intent_server.cli.ask",
    "search": "intent_server.cli.ask",
    "history": "intent_server.cli.ask",
    "get": "intent_server.cli.ask",
    "sessions": "intent_server.cli.ask",
    "play": "intent_server.cli.play",
    "sql": "intent_server.cli.ask",
    "record": "intent_server.cli.review",
    "review": "intent_server.cli.review",
    "quarantine": "intent_server.cli.quarantine",
    "forget": "intent_server.cli.admin",
    "verify": "intent_server.cli.admin",
    "doctor": "intent_server.cli.admin",
    "export": "intent_server.cli.transfer",
    "import": "intent_server.cli.transfer",
    "models": "intent_server.cli.models",
    "serve": "intent_server.cli.serve",
    "token": "intent_server.cli.token",
}
"""Command name to the module that defines it, in the order of `intent --help`."""

ONE_THREAD = "OPENBLAS_NUM_THREADS", "1"
"""Set before NumPy is loaded: our matrices are small, and its other threads only wait for them, loudly. A search among
100,000 decisions takes half the processor time without them, and no longer."""


class LazyGroup(click.Group):
    """Lists commands without importing them, so that `intent serve` starts without what `intent ingest` needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, from its module."""
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command = getattr(import_module(COMMANDS[cmd_name]), name)
        return command if isinstance(command, click.Command) else None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "-V", "--version", package_name="intent-server", prog_name="intent")
def intent() -> None:
    """The open record of why: ingest conversations, then ask why a choice was made and get the exact words."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; the exit code it ends with."""
    try:
        code = intent.main(args=None if arguments is None else list(arguments), standalone_mode=False)
    except IntentError as error:
        return _failed(str(error), exit_code_for(error))
    except click.Abort:
        return _failed("Interrupted.", ExitCode.INTERRUPTED)
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except KeyboardInterrupt:
        return _failed("Interrupted. What was reported as kept is stored; run it again to go on.", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    return int(code) if isinstance(code, int) else ExitCode.DONE


def main() -> None:
    """The console script."""
    os.environ.setdefault(*ONE_THREAD)
    sys.exit(run())


def _failed(message: str, code: ExitCode) -> int:
    click.echo(message, err=True)
    return code


if __name__ == "__main__":
    main()
