"""Runs cases against one target, keeps what behaves anew as a seed for more, and makes what breaks small."""

from __future__ import annotations

import resource
import signal
import time
import traceback
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType

from ingest.registry import readers
from tests.fuzz.cases import CORPUS, ROOT, Case, seeds, single, store, stored
from tests.fuzz.checks import Broken, check_case, check_mask, check_ranks, check_text
from tests.fuzz.mutate import mutated

BOUNDARY = ("text", "mask")
"""Targets besides the readers: the text boundary and the masking of secrets."""
TIE = "two readers are first"
"""The behaviour of a case that has the marks of two formats: it is ambiguous, and said to be."""
_RANKS_EVERY = 32
_MEMORY_EVERY = 500
_POOL = 600
"""So many cases that behaved anew are kept at a time."""
_SLOW_S, _SLOW_PER_BYTE_S = 0.05, 0.05 / 10_000
"""A case is slow when it takes 50 ms of processor time, and 50 ms for every 10 kB, three times in a row."""
_HANGS_S, _ARMED_EVERY = 30, 64
"""A case hangs when it and the few before it take so long; small ones take milliseconds."""
_MOST_BYTES, _MOST_PER_BYTE = 16 << 20, 400
"""Python objects in use at once: 16 MiB, and 400 bytes a byte of input."""
_TRIES = 400


class Hang(BaseException):
    """A case did not end in time; no reader can catch it."""


@dataclass(slots=True)
class Tally:
    """What became of the cases of one target."""

    target: str
    cases: int = 0
    seconds: float = 0.0
    crashes: int = 0
    broken: int = 0
    hangs: int = 0
    slow: int = 0
    memory: int = 0
    ties: int = 0
    peak_bytes: int = 0
    peak_rss_mb: int = 0
    behaviours: int = 0
    slowest_ms: float = 0.0
    found: dict[str, int] = field(default_factory=dict)
    """Fault -> how many cases met it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A name, what a case must pass, and where its cases begin."""

    name: str
    check: Callable[[Case, Random], tuple[str, ...]]
    seeds: tuple[Case, ...]


def target_of(name: str) -> Target:
    """The target of a reader's name, `text` or `mask`."""
    if name == "text":
        return Target(name, lambda case, _: check_text(case.packed()), tuple(_any_seeds()))
    if name == "mask":
        return Target(
            name,
            lambda case, random: check_mask(case.packed().decode("utf-8", "surrogateescape")[:1_500], random),
            tuple(_any_seeds()),
        )
    (reader,) = (one for one in readers() if one.name == name)
    return Target(name, lambda case, _: check_case(reader, case), tuple(seeds(name)) or (single(b"x\n"),))


def names() -> list[str]:
    """Every target."""
    return [*(reader.name for reader in readers()), *BOUNDARY]


def _any_seeds() -> Iterator[Case]:
    for folder in sorted(CORPUS.iterdir()) if CORPUS.is_dir() else ():
        yield from (case for _, case in stored(folder))
    for reader in readers():
        yield from seeds(reader.name)


def pool_of(random: Random) -> list[Case]:
    """Some cases of every format, to lend each other pieces."""
    found = list(_any_seeds())
    return random.sample(found, min(len(found), 400))


def fault(
    target: Target, case: Case, random: Random, *, with_ranks: bool = False
) -> tuple[str | None, tuple[str, ...]]:
    """(what is wrong, behaviour) of one case; a fault is told by its kind and the place in our code."""
    behaviour: tuple[str, ...] = ()
    try:
        behaviour = target.check(case, random)
        if with_ranks and len(check_ranks(case)) > 1:
            behaviour = (*behaviour, TIE)
    except Broken as error:
        return f"law: {error}", behaviour
    except (Hang, MemoryError) as error:
        return f"{type(error).__name__.lower()}: {_place(error)}", behaviour
    except Exception as error:  # noqa: BLE001 - whatever a reader raises but SourceError is what is looked for
        return f"crash: {type(error).__name__} in {_place(error)}", behaviour
    return None, behaviour


def _place(error: BaseException) -> str:
    frames = [one for one in traceback.extract_tb(error.__traceback__) if "/ingest/" in one.filename]
    if not frames:
        return "the check"
    last = frames[-1]
    return f"{Path(last.filename).relative_to(ROOT).as_posix()}:{last.name}"


@contextmanager
def limited() -> Iterator[None]:
    """Within, a case that does not end is stopped by Hang."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, stop)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run_case(target: Target, case: Case, random: Random, tally: Tally) -> tuple[str | None, tuple[str, ...]]:
    """One case through all checks, counted."""
    tally.cases += 1
    state = random.getstate()
    if tally.cases % _ARMED_EVERY == 1:  # a timer costs as much as a small case
        signal.setitimer(signal.ITIMER_REAL, _HANGS_S)
    began = time.perf_counter()
    wrong, behaviour = fault(target, case, random, with_ranks=tally.cases % _RANKS_EVERY == 0)
    took = time.perf_counter() - began
    tally.ties += TIE in behaviour
    if wrong is not None and wrong.startswith("hang"):
        signal.setitimer(signal.ITIMER_REAL, _HANGS_S)
    tally.slowest_ms = max(tally.slowest_ms, took * 1000)
    if wrong is None and took > _limit_s(case) and _is_slow(target, case, state):
        wrong = f"slow: over {_SLOW_S * 1000:.0f} ms"
    if wrong is None and tally.cases % _MEMORY_EVERY == 0:
        wrong = _memory(target, case, random, tally)
    if wrong is not None:
        kind = wrong.split(":")[0]
        tally.crashes += kind == "crash"
        tally.broken += kind == "law"
        tally.hangs += kind == "hang"
        tally.slow += kind == "slow"
        tally.memory += kind in ("memory", "memoryerror")
        tally.found[wrong] = tally.found.get(wrong, 0) + 1
    return wrong, behaviour


def _limit_s(case: Case) -> float:
    return max(_SLOW_S, case.size_bytes * _SLOW_PER_BYTE_S)


def _is_slow(target: Target, case: Case, state: tuple[object, ...]) -> bool:
    """Whether it is slow each time: the machine, or a first import, may have been."""
    for _ in range(3):
        random = Random()
        random.setstate(state)  # type: ignore[arg-type]  # as getstate gave it
        began = time.process_time()
        fault(target, case, random)
        if time.process_time() - began <= _limit_s(case):
            return False
    return True


def _memory(target: Target, case: Case, random: Random, tally: Tally) -> str | None:
    tracemalloc.start()
    try:
        fault(target, case, random)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    tally.peak_bytes = max(tally.peak_bytes, peak)
    return "memory: more than its size allows" if peak > _MOST_BYTES + _MOST_PER_BYTE * case.size_bytes else None


@dataclass(frozen=True, slots=True)
class Bounds:
    """When a hunt ends, and where its finds are written."""

    cases: int
    seconds: float
    seed: int
    found: Path | None = None


def hunt(name: str, bounds: Bounds) -> Tally:
    """Mutations of a target's seeds until the bounds are reached; a new behaviour makes a case a seed."""
    random, target, tally = Random(f"{name} {bounds.seed}"), target_of(name), Tally(name)
    for case in target.seeds:
        fault(target, case, random)  # what is imported or compiled at first use is no slow case
    began = time.monotonic()
    with limited():
        _hunt(target, bounds, random, tally)
    tally.seconds = time.monotonic() - began
    tally.peak_rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return tally


def _hunt(target: Target, bounds: Bounds, random: Random, tally: Tally) -> None:
    lent, own = pool_of(random), list(target.seeds)
    known: set[tuple[str, ...]] = set()
    ends = time.monotonic() + bounds.seconds
    while tally.cases < bounds.cases and time.monotonic() < ends:
        stranger = random.random() < 0.05
        case = mutated(random.choice(lent if stranger else own), random, lent)
        state = random.getstate()
        wrong, behaviour = run_case(target, case, random, tally)
        if wrong is not None and tally.found[wrong] == 1 and bounds.found is not None:
            keep(target, case, wrong, state, bounds.found)
        elif behaviour not in known:
            known.add(behaviour)
            if case.size_bytes <= 4_000:
                own.append(case)
            if len(own) > len(target.seeds) + _POOL:
                del own[random.randrange(len(target.seeds), len(own))]
    tally.behaviours = len(known)


def keep(target: Target, case: Case, wrong: str, state: tuple[object, ...], folder: Path) -> None:
    """Write a case, made as small as it still breaks in the same way, into `folder/TARGET/FAULT`."""

    def is_same(tried: Case) -> bool:
        random = Random()
        random.setstate(state)  # type: ignore[arg-type]  # as getstate gave it
        if wrong.startswith("slow"):
            return _is_slow(target, tried, state)
        signal.setitimer(signal.ITIMER_REAL, _HANGS_S)
        return fault(target, tried, random, with_ranks=True)[0] == wrong

    small = minimised(case, is_same) if not wrong.startswith("hang") else case
    slug = "".join(char if char.isalnum() else "-" for char in wrong)[:90].strip("-")
    store(small, folder / target.name / slug)


def minimised(case: Case, is_same: Callable[[Case], bool]) -> Case:
    """The smallest case found that still breaks the same way: files, then lines, then bytes are left out."""
    tries = [0]

    def holds(files: Sequence[tuple[str, bytes]]) -> bool:
        tries[0] += 1
        return tries[0] <= _TRIES and any(data for _, data in files) and is_same(Case(tuple(files)))

    files = list(case.files)
    for one in list(files):
        if len(files) > 1 and holds([other for other in files if other is not one]):
            files.remove(one)
    for at, (name, _) in enumerate(files):
        for mark in (b"\n", b",", b""):
            files[at] = (
                name,
                _shrunk(
                    files[at][1],
                    mark,
                    lambda data, at=at, name=name: holds([*files[:at], (name, data), *files[at + 1 :]]),
                ),
            )  # type: ignore[misc]  # defaults bind the loop's values
    return Case(tuple(files))


def _shrunk(data: bytes, mark: bytes, holds: Callable[[bytes], bool]) -> bytes:
    pieces = data.split(mark) if mark else [data[at : at + 1] for at in range(len(data))]
    width = max(1, len(pieces) // 2)
    while width:
        at = 0
        while at < len(pieces):
            tried = pieces[:at] + pieces[at + width :]
            if holds(mark.join(tried)):
                pieces = tried
            else:
                at += width
        width //= 2
    return mark.join(pieces)
