"""`intent ingest git` and `intent ingest dbt`: what decisions are tied to, read into the store."""

from __future__ import annotations

from pathlib import Path

from intent_server import record, record_pipelines
from intent_server.cli import output, output_links
from intent_server.config import Settings
from intent_server.errors import BadRequest, ExitCode


def ingest_git(settings: Settings, places: tuple[str, ...], *, as_json: bool) -> int:
    """One repository: the folder given, or the working directory."""
    from intent_server import record_git  # noqa: PLC0415  a sixth of what `intent ingest` takes to import

    place = _one(places, "git")
    with output.reading() as step:
        report = record_git.ingest_git(
            record.recorder(settings), place, progress=lambda count: step(f"{count:,} commits")
        )
    output.as_json(report) if as_json else output.lines(output_links.repository(report))
    return ExitCode.QUARANTINED if report.messages is not None and report.messages.quarantined else ExitCode.DONE


def ingest_dbt(settings: Settings, places: tuple[str, ...], *, as_json: bool) -> int:
    """One dbt project: the target folder given, or the one of the working directory."""
    place = _one(places, "dbt")
    report = record_pipelines.ingest_dbt(record.recorder(settings), place)
    output.as_json(report) if as_json else output.lines(output_links.pipeline(report))
    return ExitCode.QUARANTINED if report.words is not None and report.words.quarantined else ExitCode.DONE


def _one(places: tuple[str, ...], word: str) -> Path:
    if len(places) > 1:
        raise BadRequest(f"`intent ingest {word}` takes one folder at a time, not {len(places)}.")
    if "" in places:
        raise BadRequest("A PATH is empty: give a folder. Was a shell variable unset?")
    return Path(places[0]) if places else Path.cwd()
