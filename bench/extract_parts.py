"""Reasons and alternatives of the labelled decisions: what the product finds when it is given the choice.

    python bench/extract_parts.py --data ../shared/data

Each reader's decisions by themselves, then averaged. A part is found when a predicted span overlaps a labelled one
(exact: both ends within two characters). Recall is of decisions that have such a label, precision of predicted spans.
Models are trained without any session, or file of snippets, of the fold they are scored on. Beside them: a plain
baseline of connectives, and one reader scored against the other on the decisions that both marked.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from detector_data import Decision, Document, labelled
from detector_data import Span as Place
from talk import snippets
from text_folds import folds
from train_reasons import choice_of, lesson_of, weights

from ingest.extract.reasons import explained
from ingest.extract.reasons_clauses import Clauses
from ingest.extract.reasons_model import Reasons, reason_model
from ingest.records import Candidate, Part
from ingest.text import sentences

_BECAUSE = re.compile(r"\b(?:because|since|so that)\b", re.IGNORECASE)
_INSTEAD = re.compile(r"\b(?:instead of|rather than)\s+([^.,;:!?\n]+)", re.IGNORECASE)
_BESIDE_CHARS = 300
_EDGE_CHARS = 2
CUTS = (-2.0, -1.3, -0.5)
"""Cuts of the model beside the product's, to show the trade of precision for recall."""
MOST = 2

Found = tuple[list[Place], list[Place]]
"""Reasons and alternatives of one decision."""
Finder = Callable[[Document, Decision], Found]


@dataclass(slots=True)
class Score:
    """Counts of one kind of part."""

    labelled: int = 0
    hit: int = 0
    exact: int = 0
    predicted: int = 0
    right: int = 0

    def add(self, found: Sequence[Place], gold: Sequence[Place]) -> None:
        """One decision's parts beside its labels."""
        self.predicted += len(found)
        self.right += sum(any(_overlap(one, other) for other in gold) for one in found)
        if gold:
            self.labelled += 1
            self.hit += any(_overlap(one, other) for one in found for other in gold)
            self.exact += any(_is_exact(one, other) for one in found for other in gold)

    def figures(self) -> tuple[float, float, float]:
        """Recall, exact recall, precision."""
        count = max(1, self.labelled)
        return self.hit / count, self.exact / count, self.right / max(1, self.predicted)


def report(data: Path) -> None:
    """Prints the figures for the two readers' sessions, for those labelled for training and for snippets of talk."""
    documents = [*labelled(data.resolve().parent), *snippets()]
    models = _models(documents)
    finders: dict[str, Finder] = {
        "connectives (baseline)": _plain,
        "product, choice and restatements": lambda document, one: _product(document, one, models[document.name]),
        "product, choice alone": lambda document, one: _product(
            document, Decision(one.said[:1], one.rationale, one.alternatives), models[document.name]
        ),
    }
    for cut in CUTS:
        finders[f"model alone above {cut:g}, {MOST} spans"] = _above(models, cut)
    for corpus in ("own", "training", "talk"):
        chosen = [one for one in documents if one.corpus == corpus]
        count = sum(len(found) for one in chosen for found in one.readers)
        print(f"parts, {corpus}: {len(chosen)} sessions, {count} decisions of {len(chosen[0].readers)} reader(s)")
        for name, finder in finders.items():
            _show(name, [_scores(chosen, reader, finder) for reader in range(len(chosen[0].readers))])
        if corpus == "own":
            _show("one reader beside the other", [_agreement(chosen, reader) for reader in (0, 1)])


def _models(documents: Sequence[Document]) -> dict[str, Reasons]:
    """For each document a finder whose model has not seen its group."""
    lessons = [lesson_of(document) for document in documents]
    found: dict[str, Reasons] = {}
    for split in folds([document.group for document in documents], 0):
        learned = [place for place in split.train if documents[place].is_learned]
        model = reason_model(weights([lessons[place] for place in learned]))
        for place in split.test:
            found[documents[place].name] = Reasons(Clauses(documents[place].session), model)
    return found


def _product(document: Document, decision: Decision, finder: Reasons) -> Found:
    choice = Part("choice", choice_of(decision, document))
    found = explained(Candidate("choice", "accepted", "extracted", 1.0, (choice,), "bench/1"), finder)
    return (
        [_place(one) for one in found.parts if one.kind == "rationale" and one.about is None],
        [_place(one) for one in found.parts if one.kind == "alternative"],
    )


def _above(models: dict[str, Reasons], cut: float) -> Finder:
    def found(document: Document, decision: Decision) -> Found:
        spans = models[document.name].of(choice_of(decision, document), cut, cut)[:MOST]
        return [(one.utterance_index, one.start_char, one.end_char) for one in spans], []

    return found


def _plain(document: Document, decision: Decision) -> Found:
    """Sentences near the choice with "because", "since", "so that"; what follows "instead of", "rather than"."""
    reasons: list[Place] = []
    options: list[Place] = []
    for at, first, last in decision.said:
        text = document.session.utterances[at].text
        for start, end in sentences(text):
            if end > first - _BESIDE_CHARS and start < last + _BESIDE_CHARS:
                reasons += [(at, start, end)] if _BECAUSE.search(text, start, end) else []
                options += [(at, *one.span(1)) for one in _INSTEAD.finditer(text, start, end)]
    return [*dict.fromkeys(reasons)][:2], [*dict.fromkeys(options)][:2]


def _scores(documents: Iterable[Document], reader: int, finder: Finder) -> tuple[Score, Score]:
    scores = Score(), Score()
    for document in documents:
        for decision in document.readers[reader]:
            found = finder(document, decision)
            for score, places, gold in zip(scores, found, (decision.rationale, decision.alternatives), strict=True):
                score.add(places, gold)
    return scores


def _agreement(documents: Iterable[Document], reader: int) -> tuple[Score, Score]:
    """The other reader's parts as predictions, on the decisions that both marked."""
    scores = Score(), Score()
    for document in documents:
        for decision in document.readers[reader]:
            same = [one for one in document.readers[1 - reader] if _is_same(one, decision)]
            if same:
                scores[0].add([span for one in same for span in one.rationale], decision.rationale)
                scores[1].add([span for one in same for span in one.alternatives], decision.alternatives)
    return scores


def _is_same(one: Decision, other: Decision) -> bool:
    return any(_overlap(mine, theirs) for mine in one.said for theirs in other.said)


def _show(name: str, scores: Sequence[tuple[Score, Score]]) -> None:
    """One line per kind: the mean over readers."""
    for kind, of_kind in zip(("rationale", "alternatives"), zip(*scores, strict=True), strict=True):
        predicted = sum(one.predicted for one in of_kind)
        if predicted:
            recall, exact, precision = (
                sum(values) / len(of_kind) for values in zip(*(one.figures() for one in of_kind), strict=True)
            )
            print(
                f"  {name:<36} {kind:<12} recall {recall:.3f} (exact {exact:.3f})  precision {precision:.3f}"
                f"  {predicted} spans"
            )


def _place(part: Part) -> Place:
    one = part.spans[0]
    return one.utterance_index, one.start_char, one.end_char


def _overlap(one: Place, other: Place) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def _is_exact(one: Place, other: Place) -> bool:
    near = abs(one[1] - other[1]) <= _EDGE_CHARS and abs(one[2] - other[2]) <= _EDGE_CHARS
    return one[0] == other[0] and near


def main() -> None:
    """Prints the report for the data folder named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled sessions' sources")
    report(parser.parse_args().data)


if __name__ == "__main__":
    main()
