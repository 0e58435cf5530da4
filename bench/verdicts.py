"""Whether `why` answers what is recorded, and that alone: by source of questions, beside plain baselines.

    python bench/verdicts.py --data ../shared/data [--embedder FOLDER] [--cases FILE] [--weights]

Three stores: architecture decision records, decision logs and data/samples; PEPs; Rust RFCs. Each question is asked
with the record that answers it in the store ("recorded") and again with it removed ("removed"), beside near misses and
questions about other stores. `shipped` is the product as it is; `held out` has weights and a threshold fitted without
the fold of the question's document; `BM25` and `cosine` answer by the best decision's score alone, with a threshold
from the other folds. `--embedder`: one that has seen none of these documents; the bundled one was trained on titles
and sections of some. `--cases`: a file that keeps what was asked, to fit again within seconds. `--weights` prints those
of search_fit.py, fitted on all of it.

Reads `adrs`, `decision_logs`, `peps_rejected_ideas` and `rust_rfcs` under --data.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from verdict_cases import Case, gathered_cases, read_cases, write_cases
from verdict_fit import by_score, fitted, held_out

from intent_server.search_fit import RELEVANT, WEIGHTS

SILENT = frozenset({"no record", "discussed, no decision found"})
CONDITIONS = ("recorded", "removed", "near miss", "unrelated")


def main() -> None:
    """Asks, and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--embedder")
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--weights", action="store_true")
    parser.add_argument("--misses", action="store_true", help="name the questions that the product answers wrongly")
    given = parser.parse_args()
    if not (given.data / "adrs" / "adrs.jsonl").is_file():
        print(f"skipped: no records under {given.data}")
        return
    cases = _cases(given.data, given.embedder, given.cases)
    answered = {
        "shipped": [case.verdict not in SILENT for case in cases],
        "held out": held_out(cases),
        "BM25": by_score(cases, [case.words for case in cases]),
        "cosine": by_score(cases, [case.nearness for case in cases]),
    }
    _print(cases, answered)
    if given.misses:
        for case, is_answered in zip(cases, answered["shipped"], strict=True):
            if is_answered != case.is_answerable:
                print(f"verdicts  {case.condition}, {'answered' if is_answered else 'not answered'}: {case.text}")
    if given.weights:
        _print_weights(cases)


def _cases(data: Path, embedder: str | None, kept: Path | None) -> list[Case]:
    if kept is not None and kept.exists():
        return read_cases(kept)
    with TemporaryDirectory() as folder:
        cases = list(gathered_cases(data, Path(folder), embedder))
    if kept is not None:
        write_cases(cases, kept)
    return cases


def _print(cases: Sequence[Case], answered: Mapping[str, Sequence[bool]]) -> None:
    """By source and condition, the share of questions answered."""
    print(f"{'verdicts: share answered':<52}{'n':>5}" + "".join(f"{name:>10}" for name in answered))
    keys = sorted({(case.condition, case.corpus, case.source) for case in cases}, key=lambda key: _place(key[0]))
    rows = [(f"{condition}: {corpus}, {source}", {(condition, corpus, source)}) for condition, corpus, source in keys]
    rows += [(f"{kind}: all", {key for key in keys if key[0] == kind}) for kind in CONDITIONS]
    for name, wanted in rows:
        chosen = [at for at, one in enumerate(cases) if (one.condition, one.corpus, one.source) in wanted]
        shares = (sum(by[at] for at in chosen) / max(1, len(chosen)) for by in answered.values())
        print(f"{name:<52}{len(chosen):>5}" + "".join(f"{share:>10.3f}" for share in shares))
    shown = [case for case in cases if case.is_answerable]
    first = sum(case.first_is_right for case in shown)
    print(f"recorded: the right record's decision comes first in {first} of {len(shown)}")


def _place(condition: str) -> int:
    return CONDITIONS.index(condition)


def _print_weights(cases: Sequence[Case]) -> None:
    """As search_fit.py has them: with an intercept that puts the threshold at RELEVANT."""
    model = fitted(cases)
    for name, weight in zip(WEIGHTS, model.weights.tolist(), strict=True):
        print(f'    "{name}": {weight:.2f},')
    odds = RELEVANT / (1 - RELEVANT)
    print(f"INTERCEPT = {model.intercept - model.threshold:.2f} + log({odds:.3f})")


if __name__ == "__main__":
    main()
