"""Stretches of speech, by a detector that takes loudness for speech."""

from collections.abc import Iterator, Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.hearing import SAMPLE_RATE, Stretch
from ingest.readers.audio_stretches import FRAME, Sound, stretches

LONGEST_MS = 30_000


def loudness(sound: Sound) -> Sound:
    return np.abs(sound.reshape(-1, FRAME)).max(axis=1).astype(np.float32)


def never(_: float) -> bool:
    return False


def sound(*parts: tuple[float, float]) -> Sound:
    """Seconds of a loudness, one after the other."""
    return np.concatenate([np.full(int(seconds * SAMPLE_RATE), level, np.float32) for seconds, level in parts])


def cut(given: Sound, sizes: Sequence[int] = (SAMPLE_RATE,)) -> Iterator[Sound]:
    at = turn = 0
    while at < len(given):
        size = sizes[turn % len(sizes)]
        yield given[at : at + size]
        at, turn = at + size, turn + 1


def of(given: Sound, sizes: Sequence[int] = (SAMPLE_RATE,)) -> list[Stretch]:
    return list(stretches(cut(given, sizes), 0, loudness, never))


def places(found: Sequence[Stretch]) -> list[tuple[int, int]]:
    return [(one.start_ms, one.end_ms) for one in found]


def test_speech_apart_is_two_stretches_with_a_little_before_and_after() -> None:
    found = of(sound((2, 0), (3, 0.9), (4, 0), (2, 0.9), (3, 0)))
    assert [(start // 100, end // 100) for start, end in places(found)] == [(16, 53), (87, 112)]


def test_a_short_pause_does_not_part_a_stretch() -> None:
    assert len(of(sound((1, 0), (3, 0.9), (1.5, 0), (2, 0.9), (3, 0)))) == 1


def test_speech_without_end_is_cut_where_it_is_least_likely() -> None:
    found = of(sound((1, 0), (20, 0.9), (0.1, 0.4), (30, 0.9), (2, 0)))
    assert len(found) > 1
    assert 20_900 < found[0].end_ms < 21_200
    assert found[1].start_ms - found[0].end_ms < 50
    assert all(one.end_ms - one.start_ms <= LONGEST_MS for one in found)


def test_silence_asks_no_detector() -> None:
    def refuse(_: Sound) -> Sound:
        raise AssertionError("asked")

    assert list(stretches(cut(sound((90, 0))), 0, refuse, never)) == []


def test_what_another_voice_drowns_is_no_speech_of_this_one() -> None:
    given = sound((1, 0), (3, 0.9), (4, 0), (3, 0.9), (1, 0))
    found = list(stretches(cut(given), 0, loudness, lambda second: second < 5))
    assert [one.start_ms > 5_000 for one in found] == [True]


def test_a_voice_that_ends_while_somebody_speaks_is_heard_to_its_end() -> None:
    found = of(sound((1, 0), (3.3, 0.9)))
    assert found[-1].end_ms >= 4_300


LENGTHS = st.lists(st.tuples(st.floats(0.05, 12), st.sampled_from([0.0, 0.0, 0.9, 0.9, 0.42])), min_size=1, max_size=14)


@given(LENGTHS)
@settings(max_examples=40, deadline=None)
def test_all_speech_is_in_stretches_that_are_short_ordered_apart_and_hold_their_own_sound(
    parts: list[tuple[float, float]],
) -> None:
    given_sound = sound(*parts)
    found = of(given_sound)
    heard = np.zeros(len(given_sound) + FRAME, np.bool_)
    latest = 0
    for one in found:
        assert one.start_ms >= latest
        assert 0 < one.end_ms - one.start_ms <= LONGEST_MS
        latest = one.end_ms
        start = round(one.start_ms * SAMPLE_RATE / 1000 / FRAME) * FRAME
        assert not heard[start : start + len(one.sound)].any()
        heard[start : start + len(one.sound)] = True
        there = given_sound[start : start + len(one.sound)]
        assert (one.sound[: len(there)] == there).all()
    assert heard[: len(given_sound)][given_sound > 0.5].all()


@given(LENGTHS, st.lists(st.integers(1, 40_000), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_stretches_do_not_depend_on_how_the_sound_is_handed_over(
    parts: list[tuple[float, float]], sizes: list[int]
) -> None:
    given_sound = sound(*parts)
    sizes = [max(size, len(given_sound) // 200) for size in sizes]
    assert places(of(given_sound, sizes)) == places(of(given_sound, (10**9,)))
