"""Everything around the model: how fast a recording is decoded, cut into stretches and kept, and in how much memory.

Usage: python bench/audio.py [--minutes N] [--file RECORDING]

Makes a conversation of two voices by espeak-ng (on two channels, as a telephone records them), writes it in several
forms, and reads each with a Transcriber that answers at once, so that what is timed is all but Whisper. Beside it
stands the plain way, faster-whisper's own: the whole file decoded into memory and then given to its detector of
speech. Each measurement runs in a process of its own. The real-time factor is seconds of work a second of recording,
by the clock and by the processor's time (which a busy machine changes less); memory is the peak of the process above
what the loaded libraries take.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from faster_whisper.audio import decode_audio
from faster_whisper.vad import VadOptions, get_speech_timestamps, get_vad_model

from ingest.hearing import Hearing, Spoken, Stretch
from ingest.pipeline import read
from ingest.readers.audio import READER
from ingest.readers.audio_decode import Damage, pieces, recording
from ingest.readers.audio_stretches import stretches
from ingest.readers.audio_survey import sound_of, survey
from ingest.readers.audio_whisper import speech_detector
from ingest.records import Source
from ingest.sources import Declared, file_source

FORMS = {
    "talk.wav": ("pcm_s16le", 16_000),
    "telephone.wav": ("pcm_s16le", 8_000),
    "talk.flac": ("flac", 44_100),
    "talk.mp3": ("libmp3lame", 44_100),
    "talk.m4a": ("aac", 48_000),
    "talk.ogg": ("libopus", 48_000),
}
LINES = (
    (
        0,
        "Shall we keep the orders model in the warehouse, or move it to DuckDB? The bill was four thousand last month.",
    ),
    (1, "I would move it. It is read twice a day, it fits in memory, and nobody needs a server for that."),
    (0, "Then the contract for the revenue column has to move with it, otherwise finance will ask us again."),
    (1, "Agreed. I write the migration this week, and we drop the old table after the close of the quarter."),
)


@dataclass(frozen=True, slots=True)
class Silent:
    """Answers at once: one segment a stretch."""

    fingerprint: str = "bench/1"

    def language(self, stretches: Sequence[Stretch]) -> str:
        """English."""
        return "en"

    def transcribe(self, stretches: Sequence[Stretch], language: str) -> Sequence[Sequence[Spoken]]:
        """One sentence for each."""
        return [[Spoken(f"Stretch {one.start_ms}.", one.start_ms, one.end_ms)] for one in stretches]


def decode(source: Source, _: Path) -> str:
    """Every track decoded and resampled, channel by channel, nothing kept."""
    samples = sum(piece.shape[1] for track in recording(source).tracks for piece in pieces(source, track, Damage()))
    return f"{samples / 16_000:.0f} s"


def look(source: Source, _: Path) -> str:
    """The first pass: decoded, and voices told apart by loudness."""
    return f"{len(survey(source, recording(source), mixed=False).voices)} voices"


def cut(source: Source, _: Path) -> str:
    """The second pass: each voice decoded, and cut into stretches by the detector of speech."""
    found = survey(source, recording(source), mixed=False)
    detector = speech_detector(source.uri)
    count = sum(
        1 for at, voice in enumerate(found.voices) for _ in stretches(sound_of(source, voice), at, detector, never)
    )
    return f"{count} stretches"


def whole(source: Source, cache: Path) -> str:
    """All that the reader does but the model: both passes, files kept, utterances made and counted."""
    heard = file_source(Path(source.uri), Declared(hearing=Hearing("none", cache, cache=cache, transcriber=Silent())))
    return f"{read(heard, READER).kept} segments"


def again(source: Source, cache: Path) -> str:
    """The same recording once more: found in the cache."""
    return whole(source, cache)


def plain(source: Source, _: Path) -> str:
    """The plain way: each channel decoded whole, then given whole to the detector."""
    options = VadOptions(max_speech_duration_s=30, min_silence_duration_ms=160)
    channels = decode_audio(source.uri, split_stereo=True)
    return f"{sum(len(get_speech_timestamps(channel, options)) for channel in channels)} stretches"


def never(_: float) -> bool:
    """No voice drowns another."""
    return False


STEPS: dict[str, Callable[[Source, Path], str]] = {
    "decode": decode,
    "survey": look,
    "survey + cut": cut,
    "reader": whole,
    "reader again": again,
    "plain": plain,
}


def measure(step: str, path: Path, cache: Path) -> None:
    """One step in this process; prints seconds by clock and processor, the peak above the start in MB, and a count."""
    get_vad_model()
    start_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    source = file_source(path, Declared())
    began, worked = time.perf_counter(), time.process_time()
    found = STEPS[step](source, cache)
    seconds, work_s = time.perf_counter() - began, time.process_time() - worked
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start_kb
    print(json.dumps([seconds, work_s, peak_kb / 1024, found]))


def material(folder: Path, minutes: float) -> Iterator[Path]:
    """The conversation in every form."""
    import numpy as np  # noqa: PLC0415  not needed to measure

    from tests.sound import conversation, write  # noqa: PLC0415  development only

    channels, _ = conversation(LINES, gap_s=0.8)
    times = max(1, round(minutes * 60 * 16_000 / len(channels[0])))
    for name, (codec, rate) in FORMS.items():
        yield write(folder / name, [[np.tile(one, times) for one in channels]], codec=codec, rate=rate)


def run(path: Path, folder: Path) -> None:
    """Every step on one file, as a table."""
    print(f"\n{path.name}: {path.stat().st_size / 1e6:.1f} MB")
    length_s = 0.0
    for step in STEPS:
        ran = subprocess.run(
            [
                sys.executable,
                __file__,
                "--step",
                step,
                "--file",
                str(path),
                "--cache",
                str(folder / f"cache-{path.name}"),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, work_s, peak_mb, found = json.loads(ran.stdout)
        length_s = length_s or float(found.split()[0])
        factors = f"real-time factor {seconds / length_s:.5f}, of the processor {work_s / length_s:.5f}"
        print(f"  {step:<14}{seconds:8.2f} s   {factors}   {peak_mb:8.1f} MB   {found}", flush=True)


def main() -> None:
    """The command line."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--minutes", type=float, default=30.0, help="length of the conversation that is made")
    given.add_argument("--file", type=Path, help="measure this recording instead")
    given.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    given.add_argument("--cache", type=Path, help=argparse.SUPPRESS)
    asked = given.parse_args()
    if asked.step is not None:
        measure(asked.step, asked.file, asked.cache)
        return
    with tempfile.TemporaryDirectory() as name:
        for path in [asked.file] if asked.file else material(Path(name), asked.minutes):
            run(path, Path(name))


if __name__ == "__main__":
    main()
