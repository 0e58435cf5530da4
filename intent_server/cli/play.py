"""`intent play`: the seconds in which words were said, heard or cut into a file."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import click

from ingest.clip import FORMATS, Clip, cut
from ingest.hearing import clock
from ingest.text import visible
from intent_server import questions
from intent_server.cli.options import chosen, store_option
from intent_server.cli.output import note
from intent_server.embed import bundled
from intent_server.errors import BadRequest, NoPlayer, PlayerFailed
from intent_server.questions_recording import Spoken, spoken

PLAYERS: tuple[tuple[str, ...], ...] = (
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
    ("afplay",),
    ("pw-play",),
    ("paplay",),
    ("aplay", "--quiet"),
)
"""Programs that play a WAV file, with what they are told before its name; the first that is there is taken."""
_MOST_AROUND_S = 600


@click.command()
@click.argument("evidence", metavar="ID")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write a sound file instead of playing.")
@click.option(
    "--around",
    type=click.FloatRange(0, _MOST_AROUND_S),
    default=0.0,
    metavar="SECONDS",
    help="With so much before and after the words.",
)
@click.option(
    "--recording",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The recording, if it was moved, or if the words come from a transcript with times.",
)
@store_option
def play(evidence: str, out: Path | None, around: float, recording: Path | None, store: Path | None) -> None:
    """Play the seconds in which an evidence row, or a decision's choice, was said; or cut them out with --out.

    The recording itself is never copied into the store: it is played from where it was read. The ending of --out
    chooses the format: .wav, .flac, .mp3, .m4a, .ogg or .opus.
    """
    if out is not None and out.suffix.lower() not in FORMATS:
        raise BadRequest(f"--out '{out}' has no ending that can be written. Endings: {', '.join(FORMATS)}.")
    asker = questions.asker(chosen(store), bundled)
    found = spoken(asker, evidence, around_ms=round(around * 1000), recording=recording)
    if found.note:
        note(found.note)
    if out is not None:
        _announce("Cut", found, _written(found, out))
        click.echo(out)
        return
    player = _player()
    with tempfile.TemporaryDirectory(prefix="intent-play-") as folder:
        file = Path(folder) / "clip.wav"
        _announce("Playing", found, _written(found, file))
        done = subprocess.run([*player, str(file)], check=False)
    if done.returncode:
        raise PlayerFailed(player[0], done.returncode)


def _written(found: Spoken, out: Path) -> Clip:
    if out.exists() and out.samefile(found.recording):
        raise BadRequest(f"--out '{out}' is the recording itself. Give another name.")
    try:
        return cut(found.recording, found.start_ms, found.end_ms, out)
    except OSError as error:
        raise BadRequest(f"--out '{out}' cannot be written: {error.strerror or error}. Give another place.") from error


def _player() -> tuple[str, ...]:
    """Raises: NoPlayer."""
    for program, *options in PLAYERS:
        path = shutil.which(program)
        if path is not None:
            return path, *options
    raise NoPlayer([program for program, *_ in PLAYERS])


def _announce(doing: str, found: Spoken, clip: Clip) -> None:
    place = found.quote.place
    who = f"{place.speaker}: " if place.speaker else ""
    note(f"{doing} {clock(clip.start_ms / 1000)} to {clock(clip.end_ms / 1000)} of '{found.recording.name}'.")
    note(f"{who}“{visible(found.quote.recorded_text)}”")
