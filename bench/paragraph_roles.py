"""Which paragraphs of a PEP or an RFC give the rationale, the alternatives, the decision, when headings are hidden.

The document is one PEP or RFC: its paragraphs in order, headings and heading anchors taken out, section boundaries too.
A paragraph's gold role is that of its section. "Alone" sees one paragraph; "in context" also sees what the text model
says of its neighbours and where in the document it stands. Two figures each: over the paragraphs of the three roles
(the other paragraphs are context, never scored), and over all paragraphs, those of other roles as negatives.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from text_folds import SEEDS, Figures, Floats, Labels, Places, by_cue_words, by_plain_model, chosen, folds

LABELS = ("rationale", "alternatives", "decision")
ROLES = (*LABELS, "summary", "consequences", "open", "other")
CUES = {
    "rationale": r"\b(?:because|motivation|problem|currently|since|why|reason)\b",
    "alternatives": r"\b(?:alternative(?:ly|s)?|instead|rejected|another option|could have|considered)\b",
    "decision": r"\b(?:must|shall|will|should|is defined|the following)\b",
}
INNER_FOLDS = 4  # the text model's scores of training paragraphs come from models that did not see their document
REACHES = (1, 2, 4, 8, 16)  # paragraphs to each side whose scores are averaged
_ANCHOR = re.compile(r"^\s*(?:\[[^\]\n]+\]:\s*#\S*|<a [^>]*>\s*</a>|\.\. _[^:\n]+:)\s*$", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n\s*\n")
_WORD = r"[a-zA-Z']+|[?!`*>|]+"


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Paragraphs of all documents, in order; `roles` are places in ROLES."""

    texts: list[str]
    documents: list[str]
    roles: Places

    def gold(self, places: Places) -> Labels:
        """The role of each as a set, empty for one that is not asked for."""
        return _sets(self.roles[places])


def paragraphs(data: Path) -> Paragraphs:
    """What is under `peps_rejected_ideas` and `rust_rfcs`."""
    found = [one for name in ("peps_rejected_ideas/peps", "rust_rfcs/rfcs") for one in _read(data / f"{name}.jsonl")]
    texts, documents, roles = (list(column) for column in zip(*found, strict=True))
    return Paragraphs(texts, documents, np.array([ROLES.index(role) for role in roles]))


def _read(path: Path) -> Iterator[tuple[str, str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        document = json.loads(line)
        for section in document["sections"]:
            for text in _BLANK_LINE.split(_ANCHOR.sub("", section["text"])):
                if re.search(r"\w", text):
                    yield text.strip("\n"), document["id"], section["role"]


def _sets(roles: Sequence[int]) -> Labels:
    return [set(LABELS[one : one + 1]) for one in roles]


@dataclass(frozen=True, slots=True)
class TextModel:
    """Words and word pairs to log probabilities of the seven roles."""

    weigh: TfidfVectorizer
    model: LogisticRegression

    def scores(self, texts: Sequence[str]) -> Floats:
        """One row per paragraph, each seen alone."""
        return np.asarray(self.model.predict_log_proba(self.weigh.transform(texts)))


def text_model(found: Paragraphs, train: Places) -> TextModel:
    """A model of these paragraphs."""
    weigh = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=3, token_pattern=_WORD)
    known = weigh.fit_transform(chosen(found.texts, train))
    model = LogisticRegression(C=2, class_weight="balanced", max_iter=200, tol=1e-3)
    return TextModel(weigh, model.fit(known, found.roles[train]))


def in_context(scores: Floats, texts: Sequence[str], documents: Sequence[str]) -> Floats:
    """Scores of a paragraph, means of its neighbours' on each side, its place, its form; documents stand together."""
    names, starts = np.unique(documents, return_index=True)
    ends = [*sorted(starts)[1:], len(texts)]
    parts = [_one_document(scores[a:b], texts[a:b]) for a, b in zip(sorted(starts), ends, strict=True)]
    if len(parts) != len(names):
        raise ValueError("the paragraphs of a document do not stand together")
    return np.vstack(parts)


def _one_document(scores: Floats, texts: Sequence[str]) -> Floats:
    count = len(texts)
    place = np.arange(count)
    sums = np.vstack([np.zeros(scores.shape[1]), np.cumsum(scores, axis=0)])
    columns = [scores]
    for reach in (*REACHES, count):
        first, last = np.maximum(0, place - reach), np.minimum(count, place + reach + 1)
        columns.append((sums[place] - sums[first]) / np.maximum(1, place - first)[:, None])
        columns.append((sums[last] - sums[place + 1]) / np.maximum(1, last - place - 1)[:, None])
    is_rst = np.mean(["``" in text or ".. " in text for text in texts])
    shape = [[len(text), text.startswith((" ", "\t", "```")), text.lstrip()[:1] in "*-0123456789"] for text in texts]
    where = np.column_stack([place / count, place, count - place, np.full(count, count), np.full(count, is_rst)])
    return np.hstack([*columns, where, np.array(shape, dtype=float)])


def context_model(found: Paragraphs, train: Places) -> HistGradientBoostingClassifier:
    """Boosted trees over paragraphs in context; their text scores are by models that did not see their document."""
    documents = chosen(found.documents, train)
    scores = np.zeros((len(train), len(ROLES)))
    for split in folds(documents, seed=99, count=INNER_FOLDS):
        scores[split.test] = text_model(found, train[split.train]).scores(chosen(found.texts, train[split.test]))
    model = HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.05,
        max_leaf_nodes=7,
        min_samples_leaf=40,
        l2_regularization=5,
        max_features=0.3,
        early_stopping=False,
        random_state=0,
    )
    return model.fit(in_context(scores, chosen(found.texts, train), documents), found.roles[train])


def role_scores(found: Paragraphs, train: Places, asked: Paragraphs, test: Places) -> dict[str, Floats]:
    """Scores of the seven roles by both models."""
    texts, documents = chosen(asked.texts, test), chosen(asked.documents, test)
    alone = text_model(found, train).scores(texts)
    around = in_context(alone, texts, documents)
    return {"alone": alone, "in context": context_model(found, train).predict_proba(around)}


def report(data: Path, metrics: ModuleType, unseen: Path | None) -> None:
    """Prints the macro-F1, five folds of whole documents, or of the unseen documents."""
    found = paragraphs(data)
    everything = np.arange(len(found.texts))
    three, all_roles = Figures(metrics, LABELS), Figures(metrics, LABELS)
    if unseen is not None:
        asked = paragraphs(unseen)
        places = np.arange(len(asked.texts))
        results = [_result(found, everything, asked, places)]
        _add(three, all_roles, asked, results)
        count = f"trained on {len(set(found.documents))} documents, scored on {len(set(asked.documents))} unseen ones"
    else:
        for seed in SEEDS:
            splits = folds(found.documents, seed)
            _add(three, all_roles, found, [_result(found, one.train, found, one.test) for one in splits])
        count = f"{len(set(found.documents))} documents, {len(everything)} paragraphs, folds of whole documents"
    print(f"PEP and RFC paragraphs, headings hidden: {count}")
    print(" paragraphs of the three roles:")
    three.show()
    print(" all paragraphs, other roles as negatives:")
    all_roles.show()


@dataclass(frozen=True, slots=True)
class _Result:
    """What each way says of the asked paragraphs, by its name."""

    test: Places
    of_three: Places
    """The places among `test` whose role is one of the three."""
    three: dict[str, Labels]
    all_roles: dict[str, Labels]


def _result(found: Paragraphs, train: Places, asked: Paragraphs, test: Places) -> _Result:
    is_asked = asked.roles[test] < len(LABELS)
    known = train[found.roles[train] < len(LABELS)]
    three, all_roles = _baselines(found, known, asked, test[is_asked]), _baselines(found, train, asked, test)
    for name, scores in role_scores(found, train, asked, test).items():
        three[name] = _sets(scores[is_asked, : len(LABELS)].argmax(1))
        all_roles[name] = _sets(scores.argmax(1))
    return _Result(test, test[is_asked], three, all_roles)


def _baselines(found: Paragraphs, train: Places, asked: Paragraphs, test: Places) -> dict[str, Labels]:
    texts = chosen(asked.texts, test)
    return {
        "cue words": by_cue_words(texts, CUES),
        "TF-IDF + logistic regression": by_plain_model(chosen(found.texts, train), found.gold(train), texts, LABELS),
    }


def _add(three: Figures, all_roles: Figures, asked: Paragraphs, results: Sequence[_Result]) -> None:
    for name in results[0].three:
        gold = [one for result in results for one in asked.gold(result.of_three)]
        three.add(name, gold, [one for result in results for one in result.three[name]])
        gold = [one for result in results for one in asked.gold(result.test)]
        all_roles.add(name, gold, [one for result in results for one in result.all_roles[name]])
