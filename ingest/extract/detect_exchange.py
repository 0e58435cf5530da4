"""What the exchange of a person and an agent shows about a sentence: what was done before and after it, and said again.

Of its words, by what they weigh in the session: how much was said before, by whom, and is taken up later.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np

from ingest.extract.detect_features import is_change
from ingest.extract.detect_ngrams import Bag, Floats, Ids
from ingest.extract.detect_units import Unit
from ingest.records import Cue, Session

_SOON = 8


def exchange(session: Session, units: Sequence[Unit], words: Bag, cues: Sequence[Cue]) -> Floats:
    """One row a sentence; `words`: the numbered single words of each. Shape: (len(units), 27)."""
    turns = _turns(session, units)
    return np.hstack([_doing(session, units, turns), _again(session, units, words, turns), _cued(units, turns, cues)])


def _turns(session: Session, units: Sequence[Unit]) -> Ids:
    """(utterance, the person's before it, the person's after it, the agent's after it) of each sentence.

    None before is -1, none after the count of utterances.
    """
    count = len(session.utterances)
    persons = [one.index for one in session.utterances if one.role == "person"]
    agents = [one.index for one in session.utterances if one.role == "assistant"]
    told = {}
    for at in {one.utterance_index for one in units}:
        first, last, agent = bisect_left(persons, at), bisect_right(persons, at), bisect_right(agents, at)
        told[at] = (
            at,
            persons[first - 1] if first else -1,
            persons[last] if last < len(persons) else count,
            agents[agent] if agent < len(agents) else count,
        )
    return np.array([told[one.utterance_index] for one in units], dtype=np.int64).reshape(-1, 4)


def _doing(session: Session, units: Sequence[Unit], turns: Ids) -> Floats:
    """How long the messages are; what was done since the person's last one, until the next, and soon.

    Done: files changed, tools called, turns of the agent.
    """
    spoken, count = session.utterances, len(session.utterances)
    sizes = np.array([*(one.text.count(" ") + 1 for one in spoken), -1, -1])
    letters = np.array([*(len(one.text) for one in spoken), 0, 0])
    is_person = np.array([*(one.role == "person" for one in spoken), False, False])
    at, before, after, agent = turns.T
    reply = np.where(agent < after, letters[np.minimum(agent, count)], 0)
    columns = [
        is_person[at],
        sizes[at],
        sizes[before],
        sizes[np.minimum(after, count)],
        np.minimum(reply, 200),
        before < 0,
    ]
    for done in (
        [is_change(one) for one in spoken],
        [one.role == "tool_call" for one in spoken],
        [one.role == "assistant" for one in spoken],
    ):
        total = np.array([0, *accumulate(done)])
        columns += [np.log1p(total[at] - total[np.maximum(before, 0)]), np.log1p(total[after] - total[at + 1])]
        columns += [total[np.minimum(at + 1 + _SOON, count)] - total[at + 1]]
    return np.column_stack(columns).astype(np.float32)


def _again(session: Session, units: Sequence[Unit], words: Bag, turns: Ids) -> Floats:
    """How much of a sentence is said elsewhere: earlier and later, by the person and the agent, in the turns beside."""
    count = len(units)
    named, word = np.unique(words.ids, return_inverse=True)
    pairs = np.unique(np.repeat(np.arange(count), np.diff(words.starts)) * max(1, len(named)) + word)
    row, word = np.divmod(pairs, max(1, len(named)))
    weight = np.log(count / np.maximum(np.bincount(word, minlength=len(named)), 1))[word] ** 2
    at = turns[row, 0]
    is_person = np.array([session.utterances[one.utterance_index].role == "person" for one in units], dtype=bool)[row]
    end = len(session.utterances)
    told = [weight, np.ones(len(pairs))]
    shown = np.zeros(len(pairs), dtype=bool)
    for of_side in (is_person, ~is_person):
        first, last = np.full(len(named), end), np.full(len(named), -1)
        np.minimum.at(first, word[of_side], at[of_side])
        np.maximum.at(last, word[of_side], at[of_side])
        told += [weight * (first[word] < at), weight * (last[word] > at)]
        shown |= first[word] < at
    told.append(weight * ~shown)
    said = np.unique(at * max(1, len(named)) + word)
    for beside in (1, 2, 3):
        told.append(weight * np.isin(turns[row, beside] * max(1, len(named)) + word, said))
    sums = [np.bincount(row, one, minlength=count).astype(np.float64) for one in told]
    shares = [one / (sums[0] + 1e-6) for one in sums[2:]]
    return np.column_stack([*sums[:2], *shares]).astype(np.float32)


def _cued(units: Sequence[Unit], turns: Ids, cues: Sequence[Cue]) -> Floats:
    """The weight of the phrase that announces a decision, in the sentence and in the person's next message."""
    found: dict[int, list[Cue]] = {}
    for cue in cues:
        found.setdefault(cue.span.utterance_index, []).append(cue)
    own = [_weight(one for one in found.get(unit.utterance_index, ()) if _is_in(one, unit)) for unit in units]
    later = [_weight(found.get(at, ())) for at in turns[:, 2].tolist()]
    return np.column_stack([own, later]).astype(np.float32)


def _weight(cues: Iterable[Cue]) -> float:
    return max((one.weight for one in cues), default=0.0)


def _is_in(cue: Cue, unit: Unit) -> bool:
    return cue.span.start_char < unit.end_char and unit.start_char < cue.span.end_char
