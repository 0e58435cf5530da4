"""What is known of each sentence besides its words: who says it, where it stands, how others answer, what was done.

All of it is of the session alone and costs a few microseconds a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from ingest.extract.detect_marks import marks
from ingest.extract.detect_ngrams import Floats, running
from ingest.extract.detect_units import Unit
from ingest.records import Session, Utterance

_ASSENT = re.compile(
    r"\W*(?:yeah|yep|yes|ok(?:ay)?|mm-?hmm|mm|right|sure|good|great|alright|fine|uh-huh|cool|true|exactly|absolutely"
    r"|definitely|agreed|i agree|perfect|lgtm|\+1|done|sounds (?:good|great)|makes sense"
    r"|that's (?:fine|good|right|true)"
    r"|do it|go ahead|let'?s do)\b",
    re.IGNORECASE,
)
_DISSENT = re.compile(
    r"\W*(?:no|nope|but|well|hmm|nah|actually|wait|hold on|i don'?t|don'?t|instead|why)\b", re.IGNORECASE
)
_CHANGES = re.compile(
    r"\W*(?:multi_?)?(?:edit|write|apply_patch|str_replace|replace|create|patch|update_file|insert)", re.IGNORECASE
)
"""Tools that change a file, by the names that agents give them."""
_NEAR = 5


def is_change(utterance: Utterance) -> bool:
    """Whether a tool is called that changes a file."""
    return utterance.role == "tool_call" and _CHANGES.match(utterance.topic or utterance.text) is not None


def mean_around(values: Floats, radius: int) -> Floats:
    """Each row's mean with the `radius` rows on either side; fewer at the ends. Shape: that of `values`."""
    if len(values) == 0:
        return values
    total = running(values)
    at = np.arange(len(values))
    first, last = np.maximum(at - radius, 0), np.minimum(at + radius + 1, len(values))
    counts = (last - first).reshape(-1, *[1] * (values.ndim - 1))
    means: Floats = ((total[last] - total[first]) / counts).astype(np.float32)
    return means


def sum_between(values: Floats, before: int, after: int) -> Floats:
    """Each row's sum over rows `i + before` to `i + after`, as far as there are any. Shape: that of `values`."""
    total = running(values)
    at = np.arange(len(values))
    first = np.clip(at + before, 0, len(values))
    last = np.clip(at + after + 1, first, len(values))
    return (total[last] - total[first]).astype(np.float32)


def features(session: Session, units: Sequence[Unit]) -> Floats:
    """One row a sentence. Shape: (len(units), about 90)."""
    told = marks([one.text for one in units])
    columns = [
        _placing(session, units),
        _speaking(session, units),
        told,
        mean_around(told, 3),
        mean_around(told, 12),
    ]
    return np.hstack(columns).astype(np.float32)


def _placing(session: Session, units: Sequence[Unit]) -> Floats:
    """Lengths and places: in the session, in the utterance, among the turns and the steps of tools."""
    count, spoken = len(units), session.utterances
    words = np.array([one.words for one in units])
    at = np.arange(count)
    index = np.array([one.utterance_index for one in units])
    position, beside = np.array([one.position for one in units]), np.array([one.beside for one in units])
    chars = np.array([len(one.text) for one in spoken])[index]
    steps = np.array(list(accumulate((one.role in ("tool_call", "tool_result") for one in spoken), initial=0)))
    turns = np.array(list(accumulate((one.role == "person" for one in spoken), initial=0)))
    ahead, behind = np.minimum(index + 4, len(spoken)), np.maximum(index - 3, 0)
    return np.column_stack(
        [
            np.log1p(words), np.log1p(mean_around(words.astype(np.float32)[:, None], 3)[:, 0]), np.log1p(chars),
            at / count, np.minimum(at, 200), np.minimum(count - at, 200), np.log1p(np.full(count, count)),
            position, np.minimum(beside, 60), position / beside, beside - position,
            steps[ahead] - steps[index + 1], steps[index] - steps[behind], np.full(count, steps[-1] / len(spoken)),
            np.minimum(turns[index], 50), np.minimum(turns[-1] - turns[index + 1], 50), index / len(spoken),
        ]
    ).astype(np.float32)  # fmt: skip


def _speaking(session: Session, units: Sequence[Unit]) -> Floats:
    """Who says it, how much they say, who goes before and after, and whether others then agree or object."""
    spoken, count = session.utterances, len(units)
    who = [spoken[one.utterance_index].speaker or spoken[one.utterance_index].role for one in units]
    words = [one.words for one in units]
    said: dict[str, int] = {}
    for name, size in zip(who, words, strict=True):
        said[name] = said.get(name, 0) + size
    order = {name: rank for rank, name in enumerate(sorted(said, key=lambda name: -said[name]))}
    opened: dict[str, int] = {}
    for name, size in zip(who[: max(5, count // 20)], words, strict=False):
        opened[name] = opened.get(name, 0) + size
    chair = max(opened, key=lambda name: opened[name])
    total = sum(words)
    assent = np.array([bool(_ASSENT.match(one.text)) for one in units], dtype=np.float32)
    dissent = np.array([bool(_DISSENT.match(one.text)) for one in units], dtype=np.float32)
    same = np.array([i > 0 and who[i] == who[i - 1] for i in range(count)], dtype=np.float32)
    is_agent = np.array([spoken[one.utterance_index].role == "assistant" for one in units], dtype=np.float32)
    is_chair = np.array([name == chair for name in who], dtype=np.float32)
    short = np.array([size <= 3 for size in words], dtype=np.float32)
    rank = np.array([order[name] for name in who], dtype=np.float32)
    told = np.column_stack([assent, dissent, same, is_agent, is_chair, short, np.minimum(rank, 6)])
    answers = np.array([_answers(i, who, assent, dissent) for i in range(count)], dtype=np.float32)
    share = np.array([said[name] / total for name in who], dtype=np.float32)
    seconds = np.array([_seconds(session, one) for one in units], dtype=np.float32)
    gaps = np.diff(seconds, prepend=seconds[:1])
    return np.hstack(
        [
            told, answers, mean_around(told, _NEAR), mean_around(told, 20),
            np.column_stack([share, np.full(count, min(len(said), 12)), np.clip(gaps, 0, 30), _beside(session, units)]),
        ]
    ).astype(np.float32)  # fmt: skip


def _answers(at: int, who: Sequence[str], assent: Floats, dissent: Floats) -> tuple[float, float, float, float]:
    """(assents in the next two, in the next five, dissents in the next five, how many speak) by others."""
    others = [i for i in range(at + 1, min(len(who), at + 1 + _NEAR)) if who[i] != who[at]]
    near = [i for i in others if i <= at + 2]
    return (
        float(sum(assent[i] for i in near)),
        float(sum(assent[i] for i in others)),
        float(sum(dissent[i] for i in others)),
        float(len({who[i] for i in others})),
    )


def _beside(session: Session, units: Sequence[Unit]) -> Floats:
    """What a person says nearest before and after the utterance, how far off; and file changes right after and before.

    Of the words: whether they agree, object or ask, and how long they are.
    """
    spoken = session.utterances
    persons = [one.index for one in spoken if one.role == "person"]
    told = {
        at: (
            float(bool(_ASSENT.match(spoken[at].text))),
            float(bool(_DISSENT.match(spoken[at].text))),
            float("?" in spoken[at].text),
            float(np.log1p(len(spoken[at].text))),
        )
        for at in persons
    }
    none = (0.0, 0.0, 0.0, -1.0)
    before, after = _neighbours(persons, len(spoken))
    changed = [0, *accumulate(map(is_change, spoken))]
    rows = [
        (
            *told.get(before[at], none),
            *told.get(after[at], none),
            min(at - before[at], 30) if before[at] >= 0 else 31,
            min(after[at] - at, 30) if after[at] >= 0 else 31,
            changed[min(len(spoken), at + 4)] - changed[at + 1],
            changed[at] - changed[max(0, at - 3)],
        )
        for at in (one.utterance_index for one in units)
    ]
    return np.array(rows, dtype=np.float32)


def _neighbours(persons: Sequence[int], count: int) -> tuple[list[int], list[int]]:
    """For each utterance the nearest person's one strictly before and strictly after it; -1 for none."""
    marked = set(persons)
    before, after = [-1] * count, [-1] * count
    for at in range(1, count):
        before[at] = at - 1 if at - 1 in marked else before[at - 1]
    for at in range(count - 2, -1, -1):
        after[at] = at + 1 if at + 1 in marked else after[at + 1]
    return before, after


def _seconds(session: Session, unit: Unit) -> float:
    start = session.utterances[unit.utterance_index].start_ms
    return 0.0 if start is None else start / 1000
