"""Part of `train_detector.py`: the judge of agent sessions.

Linear weights of the words in view of a sentence (`ingest/extract/detect_views.py`), by logistic regression, then
boosted trees over what these say of sentences that they have not seen, and the features of the session. The judge's
word is a mean of both: trees see more of what stands around, words are less easily led astray by little data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from detector_data import Document
from grow_trees import Plan, grown
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from ingest.extract.cues import cues
from ingest.extract.detect_model import AgentHead, known_of, mixed, rows
from ingest.extract.detect_ngrams import Ids
from ingest.extract.detect_views import VIEW_BITS, VIEWS, Framed, scored
from ingest.records import Draft

PLAN = Plan(rounds=200, leaves=8, rate=0.03, least=40, share=0.2, seeds=2)
STRENGTH = 2.0
"""From 1 to 10 all find about as much in unseen sessions; so do shares of the context from 0.3 to 0.5."""
_RARE = 3


@dataclass(frozen=True, slots=True)
class Read:
    """An agent session as the judge reads it: what is in view, its features, and which sentences are marked."""

    document: Document
    framed: Framed
    features: np.ndarray
    ids: np.ndarray
    """The numbers in view of each sentence, one view after the other."""
    sizes: np.ndarray
    """How many there are in each view. Shape: (sentences, views)."""
    stated: np.ndarray


def read(document: Document) -> Read:
    """All that training needs of a document."""
    announced = cues(Draft(document.session)).cues
    found, known = known_of(document.session, document.units, announced)
    return Read(document, found, known, *_in_view(found), (document.stated() > 0).astype(float))


def _in_view(found: Framed) -> tuple[np.ndarray, np.ndarray]:
    shown: list[list[Ids]] = [[] for _ in found.is_person]
    for number in range(len(VIEWS)):
        for words, chosen, runs in found.seen(number):
            for at, (first, last) in zip(chosen, runs, strict=True):
                shown[at].append(words.ids[words.starts[first] : words.starts[last]])
    sizes = np.array([[len(one) for one in views] for views in shown], dtype=np.int64)
    return np.concatenate([one for views in shown for one in views]).astype(np.int32), sizes


def weights(found: Sequence[Read]) -> np.ndarray:
    """The table of `detect_views.scored`, learned from sessions."""
    ids, sizes = np.concatenate([one.ids for one in found]), np.vstack([one.sizes for one in found])
    seen = np.bincount(ids, minlength=1 << VIEW_BITS)
    idf = np.where(seen >= _RARE, np.log(len(sizes) / (1 + np.minimum(seen, len(sizes) - 1))) + 1, 0).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(sizes.ravel())])
    lengths = np.diff(np.concatenate([[0.0], np.cumsum(idf[ids].astype(np.float64) ** 2)])[starts])
    shares = np.tile([view.share for view in VIEWS], len(sizes)) / np.sqrt(np.maximum(lengths, 1e-6))
    told = idf[ids] * np.repeat(shares, sizes.ravel())
    table = sparse.csr_matrix((told, ids, starts[:: len(VIEWS)]), shape=(len(sizes), 1 << VIEW_BITS))
    table.sum_duplicates()
    fit = LogisticRegression(
        C=STRENGTH, class_weight="balanced", solver="liblinear", dual=True, tol=0.02, max_iter=200, random_state=0
    )
    fit.fit(table, np.concatenate([one.stated for one in found]))
    return np.column_stack([fit.coef_[0] * idf, idf**2]).astype(np.float32)


class AgentStudy:
    """Cross-validation as in `train_detector.Study`: what judges a session has not seen its fold."""

    def __init__(self, documents: Sequence[Document], fold: np.ndarray, plan: Plan = PLAN) -> None:
        """Take the agent sessions among the documents, the fold of each document and how trees are grown."""
        self.places = [i for i, one in enumerate(documents) if one.session.kind == "agent_session"]
        self.read = [read(documents[i]) for i in self.places]
        self.fold = [int(fold[i]) for i in self.places]
        self.plan = plan

    @cache  # noqa: B019 - a study lives as long as the process
    def odds(self) -> dict[int, np.ndarray]:
        """The log-odds of the sentences of each agent session, by its place among the documents."""
        out: dict[int, np.ndarray] = {}
        for held in sorted(set(self.fold)):
            judged = self.head(held)
            for place, one, fold in zip(self.places, self.read, self.fold, strict=True):
                if fold == held:
                    out[place] = mixed(one.features, scored(one.framed, judged.seen), judged.trees)
        return out

    @cache  # noqa: B019 - as above
    def head(self, held: int | None = None) -> AgentHead:
        """The judge that learned from every session, as it is shipped, or from all but those of one fold."""
        outside = frozenset(() if held is None else (held,))
        known = [
            (one, scored(one.framed, self._weights(outside | {fold})))
            for one, fold in zip(self.read, self.fold, strict=True)
            if fold != held and one.document.is_learned
        ]
        table = np.vstack([rows(one.features, told[:, None]) for one, told in known])
        target = np.concatenate([one.stated for one, _ in known])
        return AgentHead(self._weights(outside), grown(table, [target], self.plan))

    @cache  # noqa: B019 - as above
    def _weights(self, held: frozenset[int]) -> np.ndarray:
        pairs = zip(self.read, self.fold, strict=True)
        return weights([one for one, fold in pairs if fold not in held and one.document.is_learned])
