"""`intent models`: the Whisper models that recordings are transcribed by. None is fetched unasked."""

from __future__ import annotations

import click

from ingest.fetch.models import is_model, lying, pull
from ingest.hearing import WHISPER_MODELS
from intent_server.answers_record import Models, WhisperModelAnswer
from intent_server.cli import output
from intent_server.cli.options import json_option
from intent_server.config_hearing import known_name, models_folder
from intent_server.errors import NotFound

_MEGABYTE = 1_000_000


@click.group()
def models() -> None:
    """List and fetch the Whisper models that recordings are transcribed by: `list`, `pull NAME`, `path [NAME]`.

    They lie in INTENT_MODELS, else in the user's cache, for all stores.
    """


@models.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """List the models that are known by name, their size, and which are on this machine."""
    folder = models_folder()
    answer = Models(
        folder=folder.as_posix(),
        models=[
            WhisperModelAnswer(
                name=one.name,
                megabytes=one.megabytes,
                is_there=one.is_there,
                folder=one.folder.as_posix() if one.is_there else None,
                repository=one.repository,
            )
            for one in lying(folder)
        ],
    )
    if as_json:
        return output.as_json(answer)
    output.lines(
        f"{one.name:<18}{one.megabytes:>6,} MB  {'here' if one.is_there else '':<6}{one.repository or ''}".rstrip()
        for one in answer.models
    )
    return output.note(f"Models lie in '{answer.folder}'. `intent models pull NAME` fetches one.")


@models.command("pull")
@click.argument("name", metavar="NAME")
def pull_model(name: str) -> None:
    """Fetch a model from the Hugging Face Hub; interrupted, it goes on when run again."""
    folder, name = models_folder(), known_name(name)
    if name in WHISPER_MODELS and not is_model(folder / name):
        known = WHISPER_MODELS[name]
        output.note(f"Fetching {known.repository} from the Hugging Face Hub, {known.megabytes:,} MB, into '{folder}'.")
    with output.progress(f"Fetching {name} (MB)") as step:
        place = pull(name, folder, tell=lambda here, total: step(here // _MEGABYTE, total // _MEGABYTE))
    output.note(f"'{name}' is here. `intent ingest meeting.m4a --model {name}` transcribes with it.")
    output.lines([place.as_posix()])


@models.command("path")
@click.argument("name", metavar="[NAME]", required=False)
def model_path(name: str | None) -> None:
    """Print the folder that models lie in, or that of one model that is there."""
    folder = models_folder()
    name = None if name is None else known_name(name)
    if name is not None and not is_model(folder / name):
        raise NotFound("model", name, f"It is not in '{folder}'. `intent models list` shows what is.")
    output.lines([(folder / name if name is not None else folder).as_posix()])
