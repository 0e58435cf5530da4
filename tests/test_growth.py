"""The measure of growth itself: work that grows far faster than its length fails, linear work passes, however small."""

import pytest

from tests.growth import assert_linear, assert_linear_row


def test_work_that_grows_with_the_cube_fails_and_says_both_times() -> None:
    """64 times the time for four times the length: no busy machine hides that, as it may sixteen times."""
    with pytest.raises(AssertionError, match=r"60 took .* s, 240 took .* s: more than linear"):
        assert_linear(lambda size: sum(1 for _ in range(size**3)), 60)


def test_linear_work_passes() -> None:
    assert_linear(lambda size: sum(range(size)), 100_000)
    assert_linear_row(len, "ab")
