"""What the product as it stands keeps of sessions that it learned nothing from: the honest figure before it learns.

    python bench/unseen.py --data FOLDER --labels FILE

FILE has labelled sessions as `bench/labels/training.jsonl` has them, by one reader. Run it on new labels before they
are added there: afterwards it shows what the detector remembers. Prints all of them, then each owner of repositories;
INTENT_CLONES names the folder of clones.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

from detector_data import labelled_by_one, rows
from extract_own import Kept, passed, print_kept
from label_words import LABELS

from ingest.extract.detect_model import bundled


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled sets")
    parser.add_argument("--labels", type=Path, required=True, help="labelled sessions that nothing learned from")
    asked = parser.parse_args()
    found = [one for one in labelled_by_one(asked.data.resolve().parent, asked.labels) if one.units]
    learned = rows(LABELS / "training.jsonl").keys() | rows(LABELS / "reader_a.jsonl").keys()
    if seen := [one.name for one in found if one.name in learned]:
        print(f"{len(seen)} of {len(found)} sessions are among those that were learned from", file=sys.stderr)
    kept = [Kept(one, passed(one, bundled())) for one in found]
    by_owner: dict[str, list[Kept]] = defaultdict(list)
    for one in kept:
        by_owner[one.document.group].append(one)
    print_kept("all", kept)
    for owner, theirs in sorted(by_owner.items(), key=lambda item: -len(item[1])):
        print_kept(owner.removeprefix("github:"), theirs)


if __name__ == "__main__":
    main()
