"""Pure: how a decision meets a question, and how likely it answers it.

Being the best of what is there is not enough: a question about something never recorded has a best match too. The
weights were fitted by logistic regression on questions to records of several sources, asked with the records that
answer them in the store and again without (`bench/verdicts.py`), by an embedder that had seen none of these documents.
Fitted without the fold of a question's document they answered 97 % of 524 questions, and 9 % once the record was gone;
of our own 54, which say things in other words than their records, 85 % and 4 %. BM25 alone: 95 % and 56 %.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

RELEVANT = 0.31
"""From here on a decision answers. bench/verdicts.py prints what that costs, by source: how many of the questions that
a record answers are lost, and how many are answered without it, or though they are near misses or unrelated."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a decision meets a question. Shares are of the question's weight, 0 to 1; the others are cosines or words.

    `core`: its subject, choice and alternatives. `wide`: all its words, and those of the passages it was said in.
    `quote`: the one quote of it that holds most. `passage`: the best of the passages it was said in, or its heading.
    `session`: the best passage of its session, or its heading. `lost_words`: what is missing of the question, as so
    many of the rarest words there could be; `telling_words` of it say what it is about.
    """

    core_share: float
    wide_share: float
    names_missing: float
    cosine: float
    core_cosine: float
    quote_share: float = 0.0
    passage_share: float = 0.0
    session_share: float = 0.0
    session_cosine: float = 0.0
    lost_words: float = 0.0
    telling_words: int = 1


def features(fit: Fit) -> Mapping[str, float]:
    """What the weights are for. The fourth powers: nearly all words must be there to say much."""
    return {
        "core_share_4": fit.core_share**4,
        "wide_share": fit.wide_share,
        "wide_share_4": fit.wide_share**4,
        "quote_share": fit.quote_share,
        "passage_share": max(fit.passage_share, fit.quote_share),
        "session_share": fit.session_share,
        "names_missing": fit.names_missing,
        "cosine": fit.cosine,
        "core_cosine": fit.core_cosine,
        "session_cosine": fit.session_cosine,
        "lost_words": math.log1p(fit.lost_words),
        "telling_words": math.log1p(fit.telling_words),
    }


WEIGHTS: Mapping[str, float] = {
    "core_share_4": 3.55,
    "wide_share": -3.88,
    "wide_share_4": 0.53,
    "quote_share": -1.12,
    "passage_share": 3.79,
    "session_share": 3.10,
    "names_missing": -5.10,
    "cosine": 0.36,
    "core_cosine": 7.31,
    "session_cosine": -0.36,
    "lost_words": -2.99,
    "telling_words": 1.56,
}
INTERCEPT = -7.26


def decision_relevance(fit: Fit) -> float:
    """How likely a decision answers, 0 to 1."""
    return logistic(INTERCEPT + sum(WEIGHTS[name] * value for name, value in features(fit).items()))


def logistic(value: float) -> float:
    """From any number to one between 0 and 1."""
    return 1 / (1 + math.exp(-value))
