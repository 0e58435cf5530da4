"""Fits the weights EVIDENCE and TOPIC of `search_turns` and prints them, with figures of documents they did not see.

    python bench/fit_ranking.py --data ../shared/data --embedders FOLDER [--out FILE]

The cases are those of `ranking_cases.py`; `--embedders` holds the models of the folds, as `train_embedder.py --fold`
writes them. Measures are those of `metrics.py`, which lies beside the data folder.

EVIDENCE: the chance of an utterance is a softmax over all of its meeting; the weights make the answering ones together
as likely as they can, on AMI, ICSI and the QMSum training queries, each of the three counting the same. TOPIC: logistic
regression of all features but length on the QMSum training queries, where answering utterances and others weigh the
same in each query; then the weight of length among LENGTHS that gives the best `locate_recall` there. In both a feature
that would count against an utterance is left out, and the others are fitted again. Rounded to hundredths.

Fitted once on everything, for the product, and once without each fold of documents (0 to 4, and the QMSum validation
meetings), for figures. What the product adds to EVIDENCE where an utterance answers somebody (ANSWERS there) is not
fitted here, and not in the figures. `--out` keeps the weights by fold, for `retrieve.py --fold-weights`.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt
from embed_corpus import FOLDS, fold_of
from metrics_beside import metrics_beside
from ranking_cases import QMSUM_VAL, Case, Floats, cases

from intent_server.search_turns import EVIDENCE, FEATURES, TOPIC

Doubles = npt.NDArray[np.float64]
Fit = Callable[[Sequence[Case], npt.NDArray[np.intp]], Doubles]

ALL = "bundled"  # as `retrieve_material` calls what no document was left out for
LENGTHS = (0.15, 0.25, 0.35, 0.5)
PENALTY = 0.01  # of squared weights, beside a mean loss a case
EVERY = 3  # the weight of length is chosen on every third query
_LENGTH = FEATURES.index("length")
_STEPS = 40


def evidence(known: Sequence[Case]) -> Floats:
    """Weights of the features for the utterance that answers."""
    some = [case for case in known if case.meeting.corpus != "qmsum val"]
    return _rounded(_none_against(some, np.arange(len(FEATURES)), _softmax))


def topic(known: Sequence[Case], metrics: ModuleType) -> Floats:
    """Weights of the features for the part of a meeting that a question is about."""
    some = [case for case in known if case.meeting.corpus == "qmsum train"]
    weights = _none_against(some, np.delete(np.arange(len(FEATURES)), _LENGTH), _logistic)

    def located(length: float) -> float:
        weights[_LENGTH] = length
        return float(np.mean([_located(case, weights @ case.values, metrics) for case in some[::EVERY]]))

    weights[_LENGTH] = max(LENGTHS, key=located)
    return _rounded(weights)


def _none_against(known: Sequence[Case], columns: npt.NDArray[np.intp], fit: Fit) -> Doubles:
    """Weights of all features, of which only these columns may count; a negative one is left out, the worst first."""
    while True:
        found = fit(known, columns)
        if found.min() >= 0:
            weights = np.zeros(len(FEATURES))
            weights[columns] = found
            return weights
        columns = np.delete(columns, found.argmin())


def _rounded(weights: Doubles) -> Floats:
    return weights.round(2).astype(np.float32)


def _softmax(known: Sequence[Case], columns: npt.NDArray[np.intp]) -> Doubles:
    """By steps of Newton on a bound: the share of each right utterance is held while the others follow."""
    sizes = Counter(_group(case) for case in known)
    worth = [1 / len(sizes) / sizes[_group(case)] for case in known]
    rows = [case.values[columns].astype(np.float64) for case in known]
    found = np.full(len(columns), 0.1)
    for _ in range(_STEPS):
        slope, curve = 2 * PENALTY * found, 2 * PENALTY * np.eye(len(columns))
        for case, values, weight in zip(known, rows, worth, strict=True):
            chance = np.exp(found @ values - (found @ values).max())
            right = chance * case.is_right
            chance, right = chance / chance.sum(), right / right.sum()
            mean = values @ chance
            slope += weight * (mean - values @ right)
            curve += weight * ((values * chance) @ values.T - np.outer(mean, mean))
        step = np.linalg.solve(curve, slope)
        found = found - step
        if np.abs(step).max() < 1e-4:
            break
    return found


def _group(case: Case) -> str:
    return case.meeting.corpus.split()[0]


def _logistic(known: Sequence[Case], columns: npt.NDArray[np.intp]) -> Doubles:
    """By Newton's steps, with an intercept that is not given back."""
    columns_of = [np.vstack((case.values[columns], np.ones(len(case.is_right)))) for case in known]
    rows = np.hstack(columns_of).astype(np.float64)
    right = np.concatenate([case.is_right for case in known]).astype(np.float64)
    worth = np.concatenate([_balanced(case.is_right) for case in known]) / len(known)
    ridge = 2 * PENALTY * np.append(np.ones(len(columns)), 0.0)
    found = np.zeros(len(rows))
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-found @ rows))
        slope = rows @ (worth * (chance - right)) + ridge * found
        curve = (rows * (worth * chance * (1 - chance))) @ rows.T + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        found = found - step
        if np.abs(step).max() < 1e-6:
            break
    return found[:-1]


def _balanced(is_right: npt.NDArray[np.bool_]) -> Doubles:
    """Weights of utterances that add up to 1 for those that answer, and for the others."""
    count = int(is_right.sum())
    return np.where(is_right, 1 / count, 1 / (len(is_right) - count))


def fold_weights(known: Sequence[Case], metrics: ModuleType) -> dict[str, tuple[Floats, Floats]]:
    """EVIDENCE and TOPIC fitted without the documents of each fold, and on all, under ALL."""
    val = {case.meeting.name for case in known if case.meeting.model == QMSUM_VAL}
    left_out: dict[str, Callable[[str], bool]] = {str(fold): _in_fold(fold) for fold in range(FOLDS)}
    left_out |= {QMSUM_VAL: val.__contains__, ALL: frozenset[str]().__contains__}
    found = {}
    for name, is_left_out in left_out.items():
        some = [case for case in known if not is_left_out(case.meeting.name)]
        found[name] = evidence(some), topic(some, metrics)
        print(f"fitted {name}: {len(some)} of {len(known)} cases", flush=True)
    return found


def _in_fold(fold: int) -> Callable[[str], bool]:
    return lambda document: fold_of(document) == fold


def _located(case: Case, scores: Floats | Doubles, metrics: ModuleType) -> float:
    turns, spans = [text for _, text in case.meeting.turns], [(at, at) for at in sorted(case.asking.right)]
    return float(metrics.locate_recall(turns, _best(scores), spans))


def _best(scores: Floats | Doubles) -> list[int]:
    best: list[int] = np.argsort(-scores, kind="stable").tolist()
    return best


def show(name: str, known: Sequence[Case], weights: Mapping[str, tuple[Floats, Floats]], metrics: ModuleType) -> None:
    """A line for each corpus; each case is asked with the weights of its fold, or with those under ALL if only they."""
    print(name)
    for corpus in dict.fromkeys(case.meeting.corpus for case in known):
        some = [case for case in known if case.meeting.corpus == corpus]
        pairs = [weights.get(case.meeting.model, weights[ALL]) for case in some]
        by_evidence = [_best(pair[0] @ case.values) for case, pair in zip(some, pairs, strict=True)]
        right = [set(np.flatnonzero(case.is_right).tolist()) for case in some]
        hit = np.mean([metrics.hit_at(best, those, 10) for best, those in zip(by_evidence, right, strict=True)])
        line = f"  {corpus:12} {len(some):4} cases  evidence hit@10 {hit:.3f}"
        if corpus.startswith("qmsum"):
            located = [_located(case, pair[1] @ case.values, metrics) for case, pair in zip(some, pairs, strict=True)]
            line += f"  topic locate {np.mean(located):.3f}"
        print(line, flush=True)


def main() -> None:
    """Prints the weights to put into `search_turns` and the figures of both, and of those that are there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled sets")
    parser.add_argument("--embedders", type=Path, required=True, help="folder with the models of the folds")
    parser.add_argument("--out", type=Path, help="keep the weights of the folds in this JSON file")
    given = parser.parse_args()
    if not (given.data.resolve().parent / "metrics.py").exists():
        print(f"skipped: no metrics.py beside {given.data}")
        return
    metrics, known = metrics_beside(given.data), list(cases(given.data, given.embedders))
    weights = fold_weights(known, metrics)
    for name, values in zip(("EVIDENCE", "TOPIC"), weights[ALL], strict=True):
        print(f"{name} = {[round(float(value), 2) for value in values]}")
    show("fitted, each document with weights that did not see it", known, weights, metrics)
    show("the product's weights, which may have seen these meetings", known, {ALL: (EVIDENCE, TOPIC)}, metrics)
    if given.out:
        rows = {name: [pair[0].tolist(), pair[1].tolist()] for name, pair in weights.items()}
        given.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
