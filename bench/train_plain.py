"""Part of `train_detector.py`: the judge of plain talk, from the labelled snippets in data/talk.

Two stages: a logistic regression over what is in view of a sentence (`ingest/extract/detect_plain.py`), then boosted
trees over what it says of sentences that it has not seen, and what stands around them (`detect_plain_context.py`). Who
wrote a snippet wrote all of its file: what judges a file learned from the others. Sentences of real meetings and
threads that no reader marked are negatives too, at little weight: in a snippet something is settled in every fifteenth
sentence, in a meeting in every fortieth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from detector_data import Document
from grow_trees import Plan, grown
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from ingest.extract.detect import PLAIN, PLAIN_AGENT, is_plain, leading
from ingest.extract.detect_model import Calibration, PlainHead, mixed_plain
from ingest.extract.detect_ngrams import Bag, Floats
from ingest.extract.detect_plain import PLAIN_BITS, in_view, weighed
from ingest.extract.detect_plain_context import table

STRENGTH = 10.0
_REAL = 0.05
"""Weight of a sentence of a real session: without them one in a hundred of these is taken for a decision."""
_RARE = 2
_WORTH = -3.0
_NEVER = -50.0
_PARTS = 3
"""The trees learn from what was said of sentences by two of three parts that these are not in."""
TREES = Plan(rounds=150, leaves=12, rate=0.04, least=40, share=0.5)
Words = tuple[npt.NDArray[np.floating], float]
"""The weights of what is in view, as `detect_plain.weighed` reads them, and an offset."""


@dataclass(frozen=True, slots=True)
class Read:
    """A document as the judge reads it: what is in view of its sentences, which are marked, and which it is asked of.

    `fold`: of a real session; None for a snippet. `part`: which part of what is learned from it belongs to.
    """

    document: Document
    found: Bag
    stated: np.ndarray
    heard: np.ndarray
    fold: int | None
    part: int

    def weights(self) -> np.ndarray:
        """How much each sentence counts; of a real session those that are marked are left to the other judges."""
        return np.ones(len(self.stated)) if self.fold is None else _REAL * ~self.stated

    def table(self, words: Words) -> Floats:
        """What the trees see of the sentences that the judge is asked of."""
        heard = [self.document.units[at] for at in self.heard]
        return table(self.document.session, heard, weighed(self.found, *words)[self.heard])


def _read(document: Document, fold: int | None, part: int) -> Read:
    session, units = document.session, document.units
    heard = np.array([at for at, unit in enumerate(units) if is_plain(session, unit)], dtype=np.int64)
    return Read(document, in_view(session, units), document.stated() > 0, heard, fold, part)


def _matrix(found: Sequence[Bag]) -> sparse.csr_matrix:
    ids = np.concatenate([one.ids for one in found])
    starts = np.concatenate([[0], np.cumsum(np.concatenate([np.diff(one.starts) for one in found]))])
    shape = (len(starts) - 1, 1 << PLAIN_BITS)
    return sparse.csr_matrix((np.ones(len(ids), np.float32), ids, starts), shape=shape)


def _fitted(found: Sequence[Read]) -> Words:
    told = _matrix([one.found for one in found if one.fold is None])
    seen = np.bincount(told.indices, minlength=1 << PLAIN_BITS)
    idf = np.where(seen >= _RARE, np.log(told.shape[0] / (1 + seen)) + 1, 0).astype(np.float32)
    weights = np.concatenate([one.weights() for one in found])
    counts = weights > 0
    weighted = (_matrix([one.found for one in found]) @ sparse.diags(idf))[counts]
    lengths = np.sqrt(np.maximum(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel(), 1e-6))
    stated = np.concatenate([one.stated for one in found])[counts]
    fit = LogisticRegression(C=STRENGTH, solver="liblinear", dual=True, tol=0.02, max_iter=300, random_state=0)
    fit.fit(sparse.diags(1 / lengths) @ weighted, stated, sample_weight=weights[counts])
    return np.column_stack([fit.coef_[0] * idf, idf**2]).astype(np.float32), float(fit.intercept_[0])


class PlainStudy:
    """Judges that have not seen what they judge: a file of snippets, or a fold of real sessions."""

    def __init__(self, told: Sequence[Document], real: Sequence[Document], fold: Sequence[int]) -> None:
        """`told`: snippets. `real`: sessions, with the fold of each."""
        files = sorted({one.group for one in told})
        self.told = [_read(one, None, files.index(one.group) % _PARTS) for one in told]
        self.real = [_read(one, at, at % _PARTS) for one, at in zip(real, fold, strict=True)]

    @cache  # noqa: B019 - a study lives as long as the process
    def head(self, without: str | int | None = None) -> PlainHead:
        """The judge that learned from all of them, as it is shipped, or from all but a file or a fold."""
        known = [one for one in self._known(without) if one.heard.size]
        seen = np.vstack([one.table(self._words(without, one.part)) for one in known])
        stated = np.concatenate([one.stated[one.heard] for one in known])
        counts = np.concatenate([one.weights()[one.heard] for one in known])
        trees = grown(seen[counts > 0], [stated[counts > 0]], TREES, counts[counts > 0])
        return PlainHead(*self._words(without, None), trees)

    @cache  # noqa: B019 - as above
    def _words(self, without: str | int | None, part: int | None) -> Words:
        """What is in view weighed by all but a file or a fold, and but one part of the rest."""
        return _fitted([one for one in self._known(without) if one.part != part])

    def _known(self, without: str | int | None) -> list[Read]:
        told = [one for one in self.told if one.document.group != without]
        return [*told, *(one for one in self.real if one.fold != without and one.document.is_learned)]

    @cache  # noqa: B019 - as above
    def odds(self) -> list[tuple[Document, Floats]]:
        """Each snippet and each real session, with the log-odds of its sentences by a judge that did not see it."""
        pairs = [(one, one.document.group if one.fold is None else one.fold) for one in (*self.told, *self.real)]
        return [(one.document, _judged(one, self.head(without))) for one, without in pairs]

    def calibrations(self, without: int | None = None) -> dict[str, Calibration]:
        """How far the judge may be believed among people, and in talk with agents."""
        return {name: self._calibration(name == PLAIN_AGENT, without) for name in (PLAIN, PLAIN_AGENT)}

    def _calibration(self, is_to_agent: bool, without: int | None) -> Calibration:
        """From the likelier sentences of snippets and of real sessions, each once, but for those of a fold.

        From the likelier ones: most decisions of real sessions are told in a way that this judge knows nothing of.
        """
        outside = {one.document.name for one in self.real if one.fold == without}
        odds, right = [], []
        for document, told in self.odds():
            is_of_kind = (document.session.kind == "agent_session") == is_to_agent
            if is_of_kind and document.is_learned and document.name not in outside:
                chosen = [
                    at
                    for at in leading(document.units, told)
                    if told[at] > _WORTH and is_plain(document.session, document.units[at])
                ]
                odds.append(told[chosen])
                right.append(document.stated()[chosen] > 0)
        fit = LogisticRegression(C=1e6).fit(np.concatenate(odds).reshape(-1, 1), np.concatenate(right))
        return Calibration(float(fit.coef_[0, 0]), float(fit.intercept_[0]))


def _judged(one: Read, head: PlainHead) -> Floats:
    """The log-odds of each sentence; those that the judge is not asked of are never decisions to it."""
    odds = np.full(len(one.stated), _NEVER, dtype=np.float32)
    if one.heard.size:
        odds[one.heard] = mixed_plain(one.table((head.seen, head.offset)), head.trees)
    return odds
