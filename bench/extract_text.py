"""Three text classification tasks beside their plain baselines: ConDec, PEP and RFC paragraphs, LEDA e-mail acts.

    python bench/extract_text.py --data ../shared/data [--unseen FOLDER]

Without --unseen by cross-validation over whole documents (ConDec: over sentences), a mean over three divisions with its
spread. With it, trained on all of --data and scored on a folder laid out the same. Needs scikit-learn, which the
product does not; a data set that is not there is skipped. `report` is what `extract.py` calls.
"""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from metrics_beside import metrics_beside

HAS_SCIKIT_LEARN = importlib.util.find_spec("sklearn") is not None
if HAS_SCIKIT_LEARN:
    import email_acts
    import paragraph_roles
    import sentence_model

Report = Callable[[Path, ModuleType, Path | None], None]


def report(data: Path, metrics: ModuleType, unseen: Path | None) -> None:
    """Prints every task whose data sets are in `data`, and in `unseen` when that is given."""
    if not HAS_SCIKIT_LEARN:
        print("skipped: text classification needs scikit-learn (python -m pip install scikit-learn)")
        return
    tasks: tuple[tuple[str, tuple[str, ...], Report], ...] = (
        ("ConDec", ("condec_jira",), sentence_model.report),
        ("PEP and RFC paragraphs", ("peps_rejected_ideas", "rust_rfcs"), paragraph_roles.report),
        ("LEDA e-mail acts", ("leda_email",), email_acts.report),
    )
    for name, sets, one in tasks:
        folders = [data] if unseen is None else [data, unseen]
        absent = [f"{found} not in {folder}" for folder in folders for found in sets if not (folder / found).is_dir()]
        if absent:
            print(f"skipped: {name}: {', '.join(absent)}")
        else:
            one(data, metrics, unseen)


def main() -> None:
    """Reads the options and the metrics beside the data, and reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of data sets; metrics.py is beside it")
    parser.add_argument("--unseen", type=Path, help="a folder laid out like --data with documents to score")
    asked = parser.parse_args()
    report(asked.data, metrics_beside(asked.data), asked.unseen)


if __name__ == "__main__":
    main()
