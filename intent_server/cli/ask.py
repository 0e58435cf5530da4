"""The reading commands: why, search, history, get, sessions, sql. They never write."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from intent_server import questions
from intent_server.answers import Get, History, Search, Sessions, Why
from intent_server.cli import output, output_history, output_rows
from intent_server.cli.options import (
    chosen,
    doubtful_option,
    embedder_option,
    json_option,
    store_option,
    time_options,
    when,
)
from intent_server.store import sandbox

Timed = TypeVar("Timed", Why, Search, History, Get, Sessions)


def _shown(answer: Timed, show: Callable[[Timed], None], *, as_json: bool) -> None:
    """The answer, and as of when it is, where that is not now."""
    if as_json:
        return output.as_json(answer)
    output_history.times(answer.as_of, answer.known_at, answer.note)
    return show(answer)


@click.command()
@click.argument("question", default="")
@click.option("--subject", help="A path, decision id, PR or other thing the question is about.")
@click.option("--limit", type=click.IntRange(1, 20), default=3, show_default=True, help="Decisions at most.")
@time_options
@doubtful_option
@embedder_option
@json_option
@store_option
def why(
    question: str,
    subject: str | None,
    limit: int,
    as_of: str | None,
    known_at: str | None,
    doubtful: bool,
    as_json: bool,
    store: Path | None,
) -> None:
    """Say why something is so: a verdict, the decisions behind it and the exact words."""
    if not question and not subject:
        raise click.UsageError("Give a QUESTION in quotes, a --subject, or both.")
    at = when(as_of, known_at)
    answer = questions.why(
        questions.asker(chosen(store)), question, subject=subject, limit=limit, doubtful=doubtful, **at
    )
    _shown(answer, output.why, as_json=as_json)


@click.command()
@click.argument("query")
@click.option("--session", help="Only in this session: its id or title.")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="Results on one page.")
@click.option("--cursor", help="Go on where the last page ended.")
@time_options
@doubtful_option
@embedder_option
@json_option
@store_option
def search(  # noqa: PLR0913  one argument a flag
    query: str,
    session: str | None,
    limit: int,
    cursor: str | None,
    as_of: str | None,
    known_at: str | None,
    doubtful: bool,
    as_json: bool,
    store: Path | None,
) -> None:
    """Find decisions and conversation by meaning and words."""
    at = when(as_of, known_at)
    answer = questions.search(
        questions.asker(chosen(store)), query, session=session, limit=limit, cursor=cursor, doubtful=doubtful, **at
    )
    _shown(answer, output.search, as_json=as_json)


@click.command()
@click.argument("subject")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="Decisions on one page.")
@click.option("--cursor", help="Go on where the last page ended.")
@time_options
@doubtful_option
@embedder_option
@json_option
@store_option
def history(
    subject: str,
    limit: int,
    cursor: str | None,
    as_of: str | None,
    known_at: str | None,
    doubtful: bool,
    as_json: bool,
    store: Path | None,
) -> None:
    """Tell a subject's decisions over time: what held when, what replaced it, what the record said.

    SUBJECT is a path, PR, record, session or decision id, or words.
    """
    at = when(as_of, known_at)
    answer = questions.history(
        questions.asker(chosen(store)), subject, limit=limit, cursor=cursor, doubtful=doubtful, **at
    )
    _shown(answer, output_history.history, as_json=as_json)


@click.command()
@click.argument("wanted", metavar="ID")
@click.option("--cursor", help="Go on where the last page of a session ended.")
@time_options
@doubtful_option
@json_option
@store_option
def get(
    wanted: str,
    cursor: str | None,
    as_of: str | None,
    known_at: str | None,
    doubtful: bool,
    as_json: bool,
    store: Path | None,
) -> None:
    """Show one decision, session or evidence row whole, with its conversation."""
    at = when(as_of, known_at)
    answer = questions.get(questions.asker(chosen(store)), wanted, cursor=cursor, doubtful=doubtful, **at)
    _shown(answer, output.get, as_json=as_json)


@click.command()
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="Sessions on one page.")
@click.option("--cursor", help="Go on where the last page ended.")
@time_options
@doubtful_option
@json_option
@store_option
def sessions(
    limit: int,
    cursor: str | None,
    as_of: str | None,
    known_at: str | None,
    doubtful: bool,
    as_json: bool,
    store: Path | None,
) -> None:
    """List the sessions in the store, newest first."""
    at = when(as_of, known_at)
    answer = questions.sessions(questions.asker(chosen(store)), limit=limit, cursor=cursor, doubtful=doubtful, **at)
    _shown(answer, output.sessions, as_json=as_json)


@click.command(context_settings={"ignore_unknown_options": True})  # SQL may open with a `--` comment
@click.argument("query")
@click.option(
    "--max-rows", type=click.IntRange(1, sandbox.MAX_ROWS), default=1000, show_default=True, help="Rows at most."
)
@click.option(
    "--timeout", type=click.FloatRange(0.1, 60), default=sandbox.TIMEOUT_S, show_default=True, help="Seconds at most."
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV with a header line.")
@json_option
@store_option
def sql(query: str, max_rows: int, timeout: float, as_csv: bool, as_json: bool, store: Path | None) -> None:
    """Run one read-only SELECT over the intent.* views ('-' reads it from standard input)."""
    settings = chosen(store)
    text = sys.stdin.read() if query == "-" else query
    answer = sandbox.select(
        settings.store, text, max_rows=max_rows, max_chars=10_000_000, timeout_s=timeout, wait_s=settings.wait_s
    )
    output.as_json(answer) if as_json else output_rows.rows(answer, as_csv=as_csv)
