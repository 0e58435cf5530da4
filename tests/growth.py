"""Time that grows with length, told from time that grows with its square, on any machine.

A machine may be slow or busy, so no test holds seconds against a clock: the same work is done on one piece and on
four times as much. Linear work takes four times the processor time, quadratic work sixteen times.
"""

import time
from collections.abc import Callable

_TIMES = 4
_BETWEEN = 9
"""Between four and sixteen."""
_GRAIN_S = 0.01
"""What a timer tells apart with some certainty; less than this counts as this."""
_TRIES = 4


def assert_linear(run: Callable[[int], object], size: int = 10_000) -> None:
    """`run(4 * size)` takes less than nine times the processor time of `run(size)`; `size` in what `run` counts.

    Choose `size` so that quadratic work would take a second or more. What is imported or compiled at first use is
    paid beforehand; a ratio over nine is measured again, for a busy machine may have been in the way.
    Raises: AssertionError with both times in seconds.
    """
    run(max(1, size // 100))
    short = long = 0.0
    for _ in range(_TRIES):
        short, long = _seconds(run, size), _seconds(run, _TIMES * size)
        if long < _BETWEEN * max(_GRAIN_S, short):
            return
    raise AssertionError(f"{size:,} took {short:.3f} s, {_TIMES * size:,} took {long:.3f} s: more than linear")


def assert_linear_row(read: Callable[[str], object], piece: str, chars: int = 10_000) -> None:
    """`read` of a text of `piece` again and again takes time in proportion to its length."""
    assert_linear(lambda size: read(piece * (size // len(piece))), chars)


def _seconds(run: Callable[[int], object], size: int) -> float:
    began = time.process_time()
    run(size)
    return time.process_time() - began
