"""The measure of growth itself: quadratic work fails, linear work passes, however small."""

import pytest

from tests.growth import assert_linear, assert_linear_row


def test_quadratic_work_fails_and_says_both_times() -> None:
    with pytest.raises(AssertionError, match=r"1,500 took .* s, 6,000 took .* s: more than linear"):
        assert_linear(lambda size: [None for _ in range(size) for _ in range(size // 5)], 1_500)


def test_linear_work_passes() -> None:
    assert_linear(lambda size: sum(range(size)), 100_000)
    assert_linear_row(len, "ab")
