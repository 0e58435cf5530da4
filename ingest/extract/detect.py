"""The sentences of a conversation that most likely state a decision, found by learned judges.

Two levels. A judge of statements looks at each sentence: one for agent sessions, learned from such, another for all
else, learned from threads and meetings too; beside them one that learned from snippets how people settle things without
a word that announces it. The judge of stretches, learned from summarised meetings, looks at where a meeting settles
something. Each is calibrated: a confidence is the share of sentences so judged that readers had marked
(`bench/extract.py`, reliability).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ingest.extract.detect_features import mean_around
from ingest.extract.detect_model import Calibration, Detector, bundled, judge, judge_agent, judge_plain
from ingest.extract.detect_ngrams import Floats
from ingest.extract.detect_units import Unit, units
from ingest.language import ENGLISH, is_foreign, may_be_foreign
from ingest.records import Draft, Session, Statement
from ingest.text import span

QUEUED = 0.25
"""What is less likely is not kept at all: a reviewer would dismiss three of four."""
CALIBRATED = ("agent_session", "meeting", "thread")
"""Kinds of session with a calibration of their own; `thread` stands for every other."""
STRETCHES_AN_HOUR = 12
_SUREST = 0.95
APART = 6
"""Utterances between two stretches of a meeting: what is three away from either belongs to one of them only."""
_NEAR = 3
PLAIN, PLAIN_AGENT = "plain", "plain_agent"
"""The calibrations of the judge of plain talk: among people, and in talk with agents."""
_NOT_PLAIN = frozenset({"mail"})
_BROKEN = re.compile(r"(?:,|…|\.\.\.|-)\W*$|https?://")
"""Talk that breaks off says nothing to the end, and a link nothing of its own."""
_FEWEST, _FEWEST_KEPT = 10, 30
_WORDS_AN_HOUR = 9_000


def detect(draft: Draft, detector: Detector | None = None) -> Draft:
    """The draft with the sentences of its session that may state a decision, in order; none: the bundled judges."""
    session = draft.session
    found = units(session)
    if not found or session.language not in (None, ENGLISH):
        return replace(draft, statements=())
    likely = _likely(draft, found, detector or bundled())
    most = max(_FEWEST_KEPT, 2 * _most(found))
    chosen = dict(sorted(likely.items(), key=lambda one: (-one[1], one[0]))[:most])
    texts = {found[at].utterance_index for at in chosen}
    foreign = {at for at in texts if may_be_foreign(text := session.utterances[at].text) and is_foreign(text)}
    kept = sorted(at for at in chosen if found[at].utterance_index not in foreign)
    return replace(draft, statements=tuple(_statement(session, found[at], chosen[at]) for at in kept))


def _likely(draft: Draft, found: Sequence[Unit], detector: Detector) -> dict[int, float]:
    """Position and confidence of the likely sentences."""
    session, told = draft.session, detector.calibrations
    kind = kind_of(session)
    plain = _plain(session, found, detector)
    if session.kind != "meeting":
        odds = _written(draft, found, detector)
        return _likelier(plain, dict(_statements(found, calibrated(odds, told[kind]))))
    odds, settled = judge(session, found, detector.statement, detector.stretch)
    settled = over_stretch(settled)
    chosen = _likelier(plain, dict(_statements(found, calibrated(odds, told[kind]))))
    likely = calibrated(settled, told["stretch"])
    for at in peaks(found, settled, _most(found)):
        if likely[at] >= QUEUED:
            best = _best_near(found, odds, at)
            chosen[best] = max(_told(likely[at]), chosen.get(best, 0.0))
    return chosen


def _plain(session: Session, found: Sequence[Unit], detector: Detector) -> dict[int, float]:
    """What the judge of plain talk finds, by position; nothing in letters."""
    if session.kind in _NOT_PLAIN:
        return {}
    heard = [at for at, unit in enumerate(found) if is_plain(session, unit)]
    units_heard = [found[at] for at in heard]
    odds = judge_plain(session, units_heard, detector.plain)
    name = PLAIN_AGENT if session.kind == "agent_session" else PLAIN
    likely = calibrated(odds, detector.calibrations[name])
    told = {heard[at]: confidence for at, confidence in _statements(units_heard, likely)}
    return {at: confidence for at, confidence in told.items() if not _BROKEN.search(found[at].text)}


def is_plain(session: Session, unit: Unit) -> bool:
    """Whether the judge of plain talk is asked: of what an agent says the judge of agent sessions knows more."""
    return session.kind != "agent_session" or session.utterances[unit.utterance_index].role == "person"


def _likelier(one: Mapping[int, float], other: Mapping[int, float]) -> dict[int, float]:
    return {at: max(one.get(at, 0.0), other.get(at, 0.0)) for at in {**one, **other}}


def _written(draft: Draft, found: Sequence[Unit], detector: Detector) -> Floats:
    """Log-odds of each sentence, by the judge of agent sessions or by that of written talk."""
    if draft.session.kind == "agent_session":
        return judge_agent(draft.session, found, draft.cues, detector.agent)
    (odds,) = judge(draft.session, found, detector.statement)
    return odds


def _statements(found: Sequence[Unit], likely: Floats) -> Iterator[tuple[int, float]]:
    """(position, confidence) of the likely sentences; of neighbours in one utterance only the likelier."""
    for at in leading(found, likely):
        if likely[at] < QUEUED:
            return
        yield at, _told(likely[at])


def kind_of(session: Session) -> str:
    """Whose calibration holds for a session."""
    return session.kind if session.kind in CALIBRATED else "thread"


def leading(found: Sequence[Unit], likely: Floats) -> Iterator[int]:
    """Positions, likeliest first, but for the neighbours of a likelier one in the same utterance."""
    passed: set[int] = set()
    for at in np.argsort(-likely, kind="stable").tolist():
        if at not in passed:
            yield at
            beside = (near for near in (at - 1, at + 1) if 0 <= near < len(found))
            passed.update(near for near in beside if found[near].utterance_index == found[at].utterance_index)


def _told(likely: np.float32) -> float:
    """In steps of a twentieth: finer ones mean nothing, and would change with every turn that a session grows by.

    Never certain: only a source's own structure or a person's word is.
    """
    return min(_SUREST, round(round(float(likely) * 20) / 20, 2))


def _most(found: Sequence[Unit]) -> int:
    """How many stretches of a meeting are looked at, by its length in words."""
    words = sum(unit.words for unit in found)
    return max(_FEWEST, math.ceil(STRETCHES_AN_HOUR * words / _WORDS_AN_HOUR))


def _best_near(found: Sequence[Unit], odds: Floats, at: int) -> int:
    """The sentence that states best what the stretch around `at` settles."""
    near = [i for i in range(max(0, at - 12), min(len(found), at + 13)) if _distance(found, i, at) <= _NEAR]
    return max(near, key=lambda i: float(odds[i]))


def _distance(found: Sequence[Unit], one: int, other: int) -> int:
    return abs(found[one].utterance_index - found[other].utterance_index)


def over_stretch(odds: Floats) -> Floats:
    """Log-odds that a sentence near each one, up to three away, states a decision. Shape: that of `odds`.

    By the mean of their likelihoods and not of their log-odds: a stretch in which one sentence surely states something
    settles more than one of seven doubtful sentences.
    """
    likely = mean_around((1 / (1 + np.exp(-odds))).astype(np.float32), _NEAR)
    told: Floats = np.log(likely) - np.log1p(-likely)
    return told


def peaks(found: Sequence[Unit], odds: Floats, count: int) -> Iterator[int]:
    """Positions of the `count` likeliest sentences, none within APART utterances of a likelier one."""
    places = np.array([unit.utterance_index for unit in found])
    left = odds.astype(np.float64)
    for _ in range(count):
        at = int(np.argmax(left))
        if left[at] == -np.inf:
            return
        yield at
        left[np.abs(places - places[at]) <= APART] = -np.inf


def calibrated(odds: Floats, calibration: Calibration) -> Floats:
    """Log-odds as shares of right ones. Shape: that of `odds`."""
    told = 1 / (1 + np.exp(-(calibration.slope * odds.astype(np.float64) + calibration.offset)))
    return np.asarray(told, dtype=np.float32)


def _statement(session: Session, unit: Unit, confidence: float) -> Statement:
    return Statement(span(session.utterances[unit.utterance_index], unit.start_char, unit.end_char), confidence)
