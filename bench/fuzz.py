"""How readers, the text boundary and the masking of secrets stand up to any bytes.

    python bench/fuzz.py [--cases N] [--seconds S] [--reader NAME]... [--jobs 2] [--found FOLDER]

Cases are mutations of `tests/fuzz/corpus` and `data/samples` (see `tests/fuzz`). Printed for each target: cases, cases
a second, crashes, broken laws, hangs (over 30 s), slow cases (over 50 ms of processor time, and 50 ms for 10 kB, three
times in a row), cases over the bound on memory, ties (cases with the marks of two formats, which two readers rank
first; every reader ranks one case in 32), the peak of Python objects in a case (one in 500 is measured) and of the
process, how many behaviours were seen; then each fault with how often it was met. With --found, the first case of each
fault is written there, minimised. Exit code 1 when there was any. A child process has at most 3 GiB of addresses.
"""

from __future__ import annotations

import argparse
import faulthandler
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a file, the tests' room is not on the path

from tests.fuzz.hunt import Bounds, Tally, hunt, names

_MOST_ADDRESSES = 3 << 30
HEAD = (
    f"{'target':16} {'cases':>9} {'a second':>8} {'crashes':>7} {'broken':>6} {'hangs':>5} {'slow':>4} {'memory':>6} "
    f"{'ties':>4} {'peak MB':>7} {'RSS MB':>6} {'behav.':>6} {'max ms':>7}"
)


def main() -> int:
    """Run the targets asked for and print the table."""
    asked = _asked()
    targets = asked.reader or names()
    share = max(1, asked.cases // len(targets))
    seconds = asked.seconds * asked.jobs / len(targets)
    began, done = time.monotonic(), []
    print(HEAD, flush=True)
    with ProcessPoolExecutor(asked.jobs, max_tasks_per_child=1, initializer=_bound) as pool:
        due = {pool.submit(hunt, name, Bounds(share, seconds, asked.seed, asked.found)): name for name in targets}
        for one in as_completed(due):
            done.append(one.result())
            print(row(done[-1]), flush=True)
    whole = Tally("all")
    for one in done:
        for key in ("cases", "crashes", "broken", "hangs", "slow", "memory", "ties", "behaviours"):
            setattr(whole, key, getattr(whole, key) + getattr(one, key))
        for key in ("peak_bytes", "peak_rss_mb", "slowest_ms"):
            setattr(whole, key, max(getattr(whole, key), getattr(one, key)))
    whole.seconds = time.monotonic() - began
    print(row(whole))
    for one in sorted(done, key=lambda tally: tally.target):
        for wrong, times in sorted(one.found.items()):
            print(f"{one.target}: {wrong} ({times} times)")
    return 1 if any(one.found for one in done) else 0


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_ADDRESSES, _MOST_ADDRESSES))
    faulthandler.enable()


def row(tally: Tally) -> str:
    """A target's line of the table."""
    return (
        f"{tally.target:16} {tally.cases:9,} {tally.cases / max(tally.seconds, 1e-9):8,.0f} {tally.crashes:7} "
        f"{tally.broken:6} {tally.hangs:5} {tally.slow:4} {tally.memory:6} {tally.ties:4} "
        f"{tally.peak_bytes / 2**20:7.1f} {tally.peak_rss_mb:6} {tally.behaviours:6} {tally.slowest_ms:7.0f}"
    )


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000, help="in all, shared by the targets")
    parser.add_argument("--seconds", type=float, default=3_600, help="in all; whichever bound is met first")
    parser.add_argument("--reader", action="append", choices=names(), metavar="NAME", help="a reader, `text` or `mask`")
    parser.add_argument("--jobs", type=int, default=2, help="processes at once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--found", type=Path, help="folder for the finds")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
