"""Three hours in one file: nothing of them is held, and what is said at the end is found at its second."""

import json
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.sound import Samples, speech

ROOT = Path(__file__).parents[3]
RATE = 8_000
SAID = (20.0, 1_800.0, 5_400.5, 10_780.0)
READ = """
import json, resource, sys, time
from pathlib import Path
from ingest.pipeline import read
from ingest.readers.audio import READER
from ingest.sources import Declared, file_source
from tests.sound import Line, Scripted, hearing

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024)

told = []
for name in sys.argv[1:]:
    path = Path(name)
    lines = [Line(0, "We keep DuckDB.", ms, ms + 1500) for ms in json.loads(path.with_suffix(".json").read_text())]
    asked = hearing(path.parent, Scripted(lines))
    session = read(file_source(path, Declared(hearing=asked)), READER).sessions[0]
    told.append({"starts": [one.start_ms for one in session.utterances], "locators": [
        one.locator for one in session.utterances], "peak_mb": peak()})
print(json.dumps(told))
"""


def telephone(path: Path, seconds: int, said_at: tuple[float, ...], words: Samples) -> Path:
    """A telephone recording, silent but for the words at these seconds; the silence takes no room on the disk."""
    size = seconds * RATE * 2
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16)
    sound = (words[::2] * 32_000).astype("<i2").tobytes()
    with path.open("wb") as stream:
        stream.write(b"RIFF" + struct.pack("<I", 36 + size) + b"WAVE" + form + b"data" + struct.pack("<I", size))
        for second in said_at:
            stream.seek(44 + int(second * RATE) * 2)
            stream.write(sound)
        stream.truncate(44 + size)
    path.with_suffix(".json").write_text(json.dumps([round(second * 1000) for second in said_at]))
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say how much memory a process has held")
def test_three_hours_are_heard_in_the_memory_of_five_minutes(tmp_path: Path) -> None:
    words = speech("we keep DuckDB for the mart")
    assert len(words) > 16_000
    assert float(np.abs(words).max()) <= 1
    short = telephone(tmp_path / "short.wav", 300, SAID[:1], words)
    long = telephone(tmp_path / "long.wav", 3 * 3600, SAID, words)
    ran = subprocess.run(
        [sys.executable, "-c", READ, str(short), str(long)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert ran.returncode == 0, ran.stderr
    first, second = json.loads(ran.stdout)
    assert second["starts"] == [round(at * 1000) for at in SAID]
    assert second["locators"][-1] == "02:59:40.000"
    assert second["peak_mb"] - first["peak_mb"] < 25


DIES = """
import os, signal, sys
from collections.abc import Sequence
from pathlib import Path
from ingest.hearing import Spoken, Stretch
from ingest.pipeline import read
from ingest.readers.audio import READER
from ingest.sources import Declared, file_source
from tests.sound import Line, Scripted, hearing

class Mortal(Scripted):
    def transcribe(self, stretches: Sequence[Stretch], language: str) -> Sequence[Sequence[Spoken]]:
        if len(self.heard) == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().transcribe(stretches, language)

path = Path(sys.argv[1])
script = Mortal([Line(0, f"Line {ms}.", ms, ms + 1500) for ms in (2000, 12000, 22000, 32000)])
asked = hearing(path.parent, script, batch_size=1)
session = read(file_source(path, Declared(hearing=asked)), READER).sessions[0]
print(len(script.heard), [one.text for one in session.utterances])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows kills otherwise")
def test_a_process_that_is_killed_loses_nothing_that_was_finished(tmp_path: Path) -> None:
    path = telephone(tmp_path / "call.wav", 40, (2.0, 12.0, 22.0, 32.0), speech("we keep DuckDB for the mart"))

    def ran(dies_after: int) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", DIES, str(path), str(dies_after)]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)

    assert ran(3).returncode == -9
    again = ran(99)
    assert again.stdout.strip() == "1 ['Line 2000.', 'Line 12000.', 'Line 22000.', 'Line 32000.']", again.stderr
