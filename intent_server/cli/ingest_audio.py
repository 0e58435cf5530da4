"""`intent ingest meeting.m4a`: how a recording is to be heard, how far that is, and what it took."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import TypedDict, cast, get_args

import click

from ingest.errors import ExtraMissing, NoSound, SourceError, WhisperMissing
from ingest.hearing import BATCH_SIZE, WHISPER_MODELS, Device, Heard, Task
from ingest.records import Source
from intent_server.answers_record import HeardReport
from intent_server.cli import output
from intent_server.cli.options import Command
from intent_server.cli.output import Step, note
from intent_server.config import Settings
from intent_server.config_hearing import whisper_model
from intent_server.errors import BadRequest
from intent_server.record_hearing import Wanted, heard_again, hearing, names_in

_TELL_S = 60.0
"""How often a line is written where stderr is no terminal: often enough to see that it lives."""
_GIGABYTE = 1e9


class AudioFlags(TypedDict):
    """The flags about recordings, as given."""

    model: str | None
    language: str | None
    task: str | None
    prompt: str | None
    device: str
    batch_size: int | None
    roster: Path | None
    speakers: Path | None


def audio_options(command: Command) -> Command:
    """`--model`, `--language`, `--task`, `--prompt`, `--device`, `--batch-size`, `--roster` and `--speakers`."""
    file = click.Path(path_type=Path, exists=True, dir_okay=False)
    for option in (
        click.option("--speakers", type=file, help="Recordings: who speaks when, as RTTM or WhisperX JSON."),
        click.option("--roster", type=file, help="Recordings: who is on which track or channel (JSON, TOML, CSV)."),
        click.option(
            "--batch-size",
            type=click.IntRange(1, 64),
            help=f"Recordings: stretches heard at once ({BATCH_SIZE}); fewer take less memory.",
        ),
        click.option(
            "--device",
            type=click.Choice(get_args(Device)),
            default="auto",
            show_default=True,
            help="Recordings: what the model runs on.",
        ),
        click.option("--prompt", help="Recordings: words that set the tone; the store's names are hinted anyway."),
        click.option(
            "--task", type=click.Choice(get_args(Task)), help="Recordings: as spoken, or into English; else as spoken."
        ),
        click.option("--language", metavar="TAG", help="Recordings: en, de, ja…; else the model tells it."),
        click.option(
            "--model",
            metavar="NAME|FOLDER",
            help="Recordings: a Whisper model (`intent models list`); else as before, INTENT_WHISPER or small.",
        ),
    ):
        command = option(command)
    return command


@dataclass(slots=True)
class Ears:
    """How the recordings of one run are heard, and what that took."""

    settings: Settings
    flags: AudioFlags
    step: Step
    clock: Callable[[], float] = monotonic
    reports: dict[str, HeardReport] = field(default_factory=dict)
    """By source; of those that were heard to their end."""
    _names: tuple[str, ...] | None = None
    _told_at: float | None = None

    def ready(self, source: Source, before: Wanted | None) -> Source:
        """The source, to be heard as the flags say, else as it was before, with the store's names as hints."""
        wanted = _wanted(self.flags).over(before)
        if wanted.hot_words is None:
            wanted = replace(wanted, hot_words=self._hints())
        device = cast(Device, self.flags["device"])
        heard = hearing(self.settings, wanted, device=device)
        return replace(source, hearing=replace(heard, tell=lambda told: self._tell(told, source, heard.model)))

    def kept(self, source: Source, before: Wanted | None) -> Source:
        """The source, of which only what was heard before counts.

        Raises: WhisperMissing, WhisperUnusable.
        """
        return heard_again(self.settings, source, _wanted(self.flags).over(before), is_kept_only=True)

    def _hints(self) -> tuple[str, ...]:
        if self._names is None:
            self._names = names_in(self.settings)
        return self._names

    def _tell(self, told: Heard, source: Source, model: str) -> None:
        if told.done_s >= told.total_s:
            self.reports[source.uri] = HeardReport(
                source=source.uri,
                model=model,
                seconds=round(told.total_s, 1),
                voices=told.voices,
                factor=None if told.factor is None else round(told.factor, 3),
                peak_bytes=told.peak_bytes,
            )
        text = progress_line(source.name, told)
        self.step(text, is_new=False)
        now = self.clock()
        if self._told_at is None or told.done_s >= told.total_s:
            self._told_at = now
        elif now - self._told_at >= _TELL_S and not sys.stderr.isatty():
            self._told_at = now
            note(text)


def check_flags(flags: AudioFlags, paths: tuple[str, ...]) -> None:
    """Raises: BadRequest where what is said of one recording would hold for several."""
    for name, given in (("--roster", flags["roster"]), ("--speakers", flags["speakers"])):
        if given is not None and (len(paths) > 1 or Path(paths[0]).is_dir()):
            raise BadRequest(f"{name} '{given}' is about one recording: give that one alone, or put it beside each.")


def why_skipped(error: SourceError) -> str | None:
    """Why a file in a folder is left alone rather than an error; None where it is one."""
    if isinstance(error, ExtraMissing):
        return f"needs pip install 'intent-server[{error.extra}]'"
    if isinstance(error, NoSound):
        return "a film without sound"
    if isinstance(error, WhisperMissing):
        known = WHISPER_MODELS.get(error.model)
        fetch = f"`intent models pull {error.model}`, {known.megabytes:,} MB" if known else "--model names one"
        return f"a recording, and the model '{error.model}' that would hear it is not here ({fetch})"
    return None


def progress_line(name: str, told: Heard) -> str:
    """How far a recording is: `meeting.m4a: 12:00 of 60:00 heard, about 34:10 left`.

    With both of two voices half heard, half of it is, and with the first of them heard too.
    """
    text = f"{name}: {_length(told.done_s / told.voices)} of {_length(told.total_s / told.voices)} heard"
    if told.factor is None or told.done_s >= told.total_s:
        return text
    return f"{text}, about {_length((told.total_s - told.done_s) * told.factor)} left"


def show_heard(report: HeardReport) -> None:
    """What hearing a recording took."""
    name = report.source.rsplit("/", 1)[-1]
    voices = f", each of {report.voices} voices," if report.voices > 1 else ""
    text = f"{name}: {_length(report.seconds / report.voices)}{voices} heard by {report.model}"
    text += f", {report.factor:.2f} s of work a second of sound" if report.factor is not None else ""
    text += f", at most {report.peak_bytes / _GIGABYTE:.1f} GB of memory" if report.peak_bytes else ""
    output.note(f"{text}.")


def _wanted(flags: AudioFlags) -> Wanted:
    roster, speakers = flags["roster"], flags["speakers"]
    return Wanted(
        model=None if flags["model"] is None else whisper_model(flags["model"]),
        language=flags["language"],
        task=flags["task"],
        prompt=flags["prompt"],
        batch_size=flags["batch_size"],
        roster=None if roster is None else str(roster.absolute()),
        speakers=None if speakers is None else str(speakers.absolute()),
    )


def _length(seconds: float) -> str:
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
