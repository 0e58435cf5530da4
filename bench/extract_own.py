"""Part of `extract.py`: what the product keeps of real sessions, against two readers who marked decisions in them.

The readers worked alone from one guide (`labels/README.md`). A decision is found when a choice that was kept, or one of
its restatements, touches what the reader quoted for it; a kept one is right when its choice touches any decision's.
Every judge behind a figure learned from other sessions: folds by session, segments of one together, or by the owner of
the repositories.
The two numbers of a calibration come from judgements of other sessions, by judges that may have seen this one;
thresholds and settings were chosen on these sessions. Reasons are those of the model as it ships, which has learned
from most of these sessions: `extract_parts.py` has theirs by folds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import train_detector as training
from detector_data import Decision, Document, Span, labelled, meetings
from extract_meetings import CUE_WORDS
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from train_agent_judge import AgentStudy

from ingest.extract.cues import cues
from ingest.extract.detect import detect, leading
from ingest.extract.detect_model import Calibration, Detector, Head
from ingest.extract.ground import ground
from ingest.extract.propose import propose
from ingest.extract.reasons import reasons
from ingest.records import Candidate, Draft

GROUPS = {
    "agent sessions": ("agent_session",),
    "meetings": ("meeting",),
    "threads and chat": ("issue", "pull_request", "chat", "mail"),
    "all": ("agent_session", "meeting", "issue", "pull_request", "chat", "mail"),
}
BINS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept of one document."""

    document: Document
    candidates: tuple[Candidate, ...]


def report(data: Path) -> None:
    """Prints agreement, precision and recall with the baselines beside them, and the reliability diagram."""
    shared = data.parent
    if not (shared / "samples").is_dir() or not (data / "agent_commit_sessions").is_dir():
        print(f"skipped: own labels: their sessions are not in {shared}")
        return
    marked = [one for one in labelled(shared) if one.units]
    spoken = [one for one in meetings(data) if one.units]
    own = [one for one in marked if one.corpus == "own"]
    _agreement(own)
    kept, odds = _kept(data, marked, spoken)
    rankings = {
        "the judge of statements": odds,
        "TF-IDF + LR": _plain(marked),
        "cue words by count": {one.document.name: _counts(one.document) for one in kept},
    }
    of_readers = [one for one in kept if one.document.corpus == "own"]
    for name, kinds in GROUPS.items():
        _group(name, [one for one in of_readers if one.document.session.kind in kinds], rankings)
    elsewhere = [one for one in kept if one.document.corpus != "own"]
    if elsewhere:
        _group("sessions of other repositories, one reader, each owner unseen", elsewhere, rankings)
    _reliability("of two readers", of_readers)
    _reliability("of other repositories", elsewhere)


def _group(name: str, chosen: Sequence[Kept], rankings: Mapping[str, Mapping[str, np.ndarray]]) -> None:
    """What is kept of some sessions, and how the judge's ranking of their sentences stands beside plain ones."""
    print_kept(name, chosen)
    for by, values in rankings.items():
        _curve(by, [(one.document, values[one.document.name]) for one in chosen])


def print_kept(name: str, chosen: Sequence[Kept]) -> None:
    """How much of what is kept of some sessions is right, and how much of what is said there is kept."""
    print(f"{name}: {len(chosen)} sessions")
    print_counted("kept by default", chosen, lambda one: not one.is_doubtful)
    print_counted("and what waits for review", chosen, lambda _: True)
    print_counted("cue phrases alone", chosen, lambda one: one.extractor == "cues/1" and not one.is_doubtful)
    _parts("parts, kept by default", chosen, lambda one: not one.is_doubtful)
    _parts("parts, and what waits", chosen, lambda _: True)


def _kept(
    data: Path, marked: Sequence[Document], spoken: Sequence[Document]
) -> tuple[list[Kept], dict[str, np.ndarray]]:
    """What the product's passes keep of each session that is measured, with judges that did not see it.

    And by session what these judges say of each sentence.
    """
    fold, series = training.folds(marked), training.folds(spoken)
    statement = training.Study(training.Words(training.made(marked), training.WRITTEN), fold, training.STATEMENT)
    stretch = training.Study(training.Words(training.made(spoken), training.MEETING), series, training.STRETCH)
    agents, plain = AgentStudy(marked, fold), training.plain_study(data)
    odds = [agents.odds().get(at, one) for at, one in enumerate(statement.odds())]
    places = {one.group: int(f) for one, f in zip(spoken, series, strict=True)}
    judged = list(zip(spoken, stretch.odds(), strict=True))
    out = []
    for at, document in enumerate(marked):
        if _is_measured(document):
            others = [i for i in range(len(marked)) if fold[i] != fold[at]]
            told = training.calibration([marked[i] for i in others], [odds[i] for i in others])
            head: Head = stretch.head(places.get(document.group, 0))
            far = _far(judged, document.group)
            held = int(fold[at])
            told |= {"stretch": far, **plain.calibrations(held)}
            detector = Detector(statement.head(held), head, agents.head(held), plain.head(held), told)
            out.append(Kept(document, passed(document, detector)))
    return out, {one.name: value for one, value in zip(marked, odds, strict=True)}


def _is_measured(document: Document) -> bool:
    """Whether two readers marked it, or it is of an owner whose sessions are judged by what learned from the others."""
    return document.corpus == "own" or document.name.startswith("github:")


def _far(judged: Sequence[tuple[Document, np.ndarray]], group: str) -> Calibration:
    others = [(one, odds) for one, odds in judged if one.group != group]
    return training.stretch_calibration([one for one, _ in others], [odds for _, odds in others])


def passed(document: Document, detector: Detector) -> tuple[Candidate, ...]:
    """What the product's passes find in a session."""
    draft = Draft(document.session)
    for step in (cues, partial(detect, detector=detector), propose, reasons, ground):
        draft = step(draft)
    return draft.candidates


def _agreement(own: Sequence[Document]) -> None:
    found = []
    for first, second in ((0, 1), (1, 0)):
        pairs = [(one, document.readers[second]) for document in own for one in document.readers[first]]
        found.append((sum(any(_meet(one, other) for other in others) for one, others in pairs), len(pairs)))
    print(f"own labels: {len(own)} sessions, two readers, {found[0][1]} and {found[1][1]} decisions;", end=" ")
    print(", ".join(f"{hit} of {count} also marked by the other ({hit / count:.2f})" for hit, count in found))


def _meet(one: Decision, other: Decision) -> bool:
    return any(_touch(one.said[0], span) for span in other.said)


def _touch(one: Span, other: Span) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def _spans(candidate: Candidate) -> list[Span]:
    choice = next(part for part in candidate.parts if part.kind == "choice")
    return [(span.utterance_index, span.start_char, span.end_char) for span in choice.spans]


def print_counted(name: str, chosen: Sequence[Kept], counts: Callable[[Candidate], bool]) -> None:
    """Precision: the mean over readers, and right by either; recall: the mean over readers."""
    right = by_either = total = found = wanted = 0.0
    for one in chosen:
        kept = [candidate for candidate in one.candidates if candidate.authority == "extracted" and counts(candidate)]
        total += len(kept)
        for candidate in kept:
            hits = [_is_right(_spans(candidate)[0], reader) for reader in one.document.readers]
            right, by_either = right + sum(hits) / len(hits), by_either + any(hits)
        for reader in one.document.readers:
            wanted += len(reader)
            found += sum(any(_touch(a, b) for c in kept for a in _spans(c) for b in gold.said) for gold in reader)
    print(
        f"  {name:<28} {total:4.0f} kept  precision {right / max(1, total):.2f} (either reader"
        f" {by_either / max(1, total):.2f})  recall {found / max(1, wanted):.2f}"
    )


def _parts(name: str, chosen: Sequence[Kept], counts: Callable[[Candidate], bool]) -> None:
    """Reasons and alternatives from end to end: of decisions that have such, how many are kept with one.

    Then the same of those decisions that were found, and how many parts of what is a decision are right.
    """
    told = []
    for kind in ("rationale", "alternative"):
        wanted = found = hit = said = right = 0
        for one in chosen:
            kept = [c for c in one.candidates if c.authority == "extracted" and counts(c)]
            for decision in (each for reader in one.document.readers for each in reader):
                gold = decision.rationale if kind == "rationale" else decision.alternatives
                mine = [c for c in kept if any(_touch(a, b) for a in _spans(c) for b in decision.said)]
                parts = [span for c in mine for span in _part_spans(c, kind)]
                hits = [any(_touch(span, other) for other in gold) for span in parts]
                wanted, found, hit = wanted + bool(gold), found + bool(gold and mine), hit + any(hits)
                said, right = said + len(hits), right + sum(hits)
        told.append(
            f"{kind} {hit / max(1, wanted):.2f} of all, {hit / max(1, found):.2f} of {found} found,"
            f" precision {right / max(1, said):.2f} of {said}"
        )
    print(f"  {name:<28} {'; '.join(told)}")


def _part_spans(candidate: Candidate, kind: str) -> list[Span]:
    parts = (part for part in candidate.parts if part.kind == kind and part.about is None)
    return [(one.utterance_index, one.start_char, one.end_char) for part in parts for one in part.spans[:1]]


def _is_right(span: Span, reader: Sequence[Decision]) -> bool:
    return any(_touch(span, one) for decision in reader for one in decision.said)


def _curve(name: str, judged: Sequence[tuple[Document, np.ndarray]]) -> None:
    """Precision where a ranking of sentences reaches a share of the decisions, and its average precision."""
    ranked = sorted(
        ((float(odds[at]), document, at) for document, odds in judged for at in leading(document.units, odds)),
        key=lambda one: -one[0],
    )
    wanted = sum(len(reader) for document, _ in judged for reader in document.readers)
    found: set[tuple[str, int, int]] = set()
    right, reached = 0.0, dict.fromkeys((0.2, 0.3, 0.5), 0.0)
    for count, (_, document, at) in enumerate(ranked, 1):
        unit = document.units[at]
        span = (unit.utterance_index, unit.start_char, unit.end_char)
        for number, reader in enumerate(document.readers):
            hits = [i for i, one in enumerate(reader) if any(_touch(span, said) for said in one.said)]
            right += bool(hits) / len(document.readers)
            found |= {(document.name, number, i) for i in hits}
        for share in [s for s, told in reached.items() if not told and len(found) >= s * wanted]:
            reached[share] = right / count
    told = ", ".join(f"{precision:.2f} at recall {share}" for share, precision in reached.items())
    stated = np.concatenate([document.stated() > 0 for document, _ in judged])
    average = average_precision_score(stated, np.concatenate([odds for _, odds in judged]))
    print(f"  {name:<28} precision {told}; average precision {average:.3f}")


def _counts(document: Document) -> np.ndarray:
    return np.array([len(CUE_WORDS.findall(unit.text)) for unit in document.units], dtype=np.float32)


def _plain(marked: Sequence[Document]) -> dict[str, np.ndarray]:
    """By session: TF-IDF of one to two words and logistic regression, each fold by one that learned from the others."""
    fold, out = training.folds(marked), {}
    for held in sorted(set(fold.tolist())):
        known = [one for one, f in zip(marked, fold, strict=True) if f != held]
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        table = words.fit_transform([unit.text for one in known for unit in one.units])
        target = np.concatenate([one.stated() > 0 for one in known])
        fit = LogisticRegression(class_weight="balanced", solver="liblinear").fit(table, target)
        for one in [one for one, f in zip(marked, fold, strict=True) if f == held and _is_measured(one)]:
            out[one.name] = fit.decision_function(words.transform([unit.text for unit in one.units]))
    return out


def _reliability(name: str, kept: Sequence[Kept]) -> None:
    """How often what was kept with such a confidence is right."""
    print(f"reliability, sessions {name}: confidence, kept, said, right by the mean of readers, by either")
    told = [
        (candidate, one.document) for one in kept for candidate in one.candidates if candidate.authority == "extracted"
    ]
    for low, high in pairwise(BINS):
        inside = [(c, d) for c, d in told if low <= c.confidence < high]
        if inside:
            hits = [[_is_right(_spans(c)[0], reader) for reader in d.readers] for c, d in inside]
            said = float(np.mean([c.confidence for c, _ in inside]))
            mean, either = np.mean([sum(h) / len(h) for h in hits]), np.mean([any(h) for h in hits])
            bar = "#" * round(20 * float(mean))
            print(f"  {low:.1f} to {min(high, 1):.1f}  {len(inside):4}  {said:.2f}  {mean:.2f}  {either:.2f}  {bar}")
