"""Fuzzing guided by coverage: libFuzzer, by way of Atheris, keeps every case that reaches code not reached before.

    pip install 'intent-server[fuzz]'
    python bench/fuzz_guided.py NAME [--cases N] [--seconds S] [--found FOLDER] [--corpus FOLDER]

NAME is a reader, `text` or `mask`. Half of the mutations are ours (`tests/fuzz/mutate`), half libFuzzer's. The checks
and the printed row are those of `bench/fuzz.py`; --corpus keeps what reached new code. Wheels of Atheris exist for
Linux and for CPython 3.11 to 3.13 only.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import atheris

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]  # run as a file, the tests' room is not on the path

with atheris.instrument_imports(include=["ingest"]):
    from fuzz import HEAD, row

    from tests.fuzz.cases import unpacked
    from tests.fuzz.hunt import Bounds, Tally, keep, limited, names, pool_of, run_case, target_of
    from tests.fuzz.mutate import mutated

_LONGEST = 4_096


def main() -> None:
    """Run the one target asked for; the process ends when the bounds are reached."""
    asked = _asked()
    random, target, tally = Random(asked.seed), target_of(asked.name), Tally(asked.name)
    lent = pool_of(random)
    bounds = Bounds(asked.cases, asked.seconds, asked.seed, asked.found)
    began = time.monotonic()

    def one(data: bytes) -> None:
        if tally.cases >= bounds.cases or time.monotonic() - began > bounds.seconds:
            tally.seconds = time.monotonic() - began
            _end(tally)
        case, state = unpacked(data), random.getstate()
        wrong, behaviour = run_case(target, case, random, tally)
        seen.add(behaviour)
        tally.behaviours = len(seen)
        if wrong is not None and tally.found[wrong] == 1 and bounds.found is not None:
            keep(target, case, wrong, state, bounds.found)

    def bend(data: bytes, longest: int, seed: int) -> bytes:
        drawn = Random(seed)
        if drawn.random() < 0.5:
            return bytes(atheris.Mutate(data, longest))
        return mutated(unpacked(data), drawn, lent).packed()[:longest]

    seen: set[tuple[str, ...]] = set()
    corpus = asked.corpus or Path(tempfile.mkdtemp())
    corpus.mkdir(parents=True, exist_ok=True)
    for number, case in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(case.packed()[:_LONGEST])
    flags = ["-timeout=0", "-rss_limit_mb=3072", f"-max_len={_LONGEST}", f"-seed={asked.seed}"]
    atheris.Setup([sys.argv[0], *flags, "-verbosity=0", str(corpus)], one, custom_mutator=bend)
    with limited():
        atheris.Fuzz()


def _end(tally: Tally) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
    tally.peak_rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{HEAD}\n{row(tally)}")
    for wrong, times in sorted(tally.found.items()):
        print(f"{tally.target}: {wrong} ({times} times)")
    sys.stdout.flush()
    os._exit(1 if tally.found else 0)  # libFuzzer has no other way to stop that tells our exit code


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=names(), metavar="NAME")
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--found", type=Path, help="folder for the finds")
    parser.add_argument("--corpus", type=Path, help="folder that keeps what reached new code")
    return parser.parse_args()


if __name__ == "__main__":
    main()
