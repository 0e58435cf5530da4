"""Whether the labels of `bench/labels` still stand on the words that the readers marked.

    python bench/label_words.py --data FOLDER [--write] [FILE ...]

Each line of a label file keeps a fingerprint of its quoted words beside their offsets. Whoever changes how a source is
read moves utterances, and the offsets then quote other words: training and benches refuse such a session. This names
those sessions; after the labels were moved to where their words stand, or when a file is new, --write keeps the new
fingerprints.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from label_sessions import is_here, session

from ingest.records import Session

LABELS = Path(__file__).parent / "labels"
FILES = [LABELS / name for name in ("reader_a.jsonl", "reader_b.jsonl", "training.jsonl")]
_CHARS = 12


def fingerprint(found: Session, decisions: object) -> str:
    """Of the words that all spans in `decisions` quote, in order.

    Raises: IndexError when a span lies in an utterance that the session does not have.
    """
    quoted = "\x1f".join(found.utterances[i].text[start:end] for i, start, end in _spans(decisions))
    return hashlib.sha256(quoted.encode()).hexdigest()[:_CHARS]


def stands(found: Session, row: Mapping[str, object]) -> bool:
    """Whether the labels of a session quote the words that they quoted when they were made."""
    try:
        return fingerprint(found, row["decisions"]) == row.get("words")
    except IndexError:
        return False


def _spans(labelled: object) -> Iterator[tuple[int, int, int]]:
    """Every `[utterance, start, end]` in a line of labels."""
    if isinstance(labelled, Mapping):
        for value in labelled.values():
            yield from _spans(value)
    elif isinstance(labelled, list):
        if [type(one) for one in labelled] == [int, int, int]:
            yield labelled[0], labelled[1], labelled[2]
        else:
            for one in labelled:
                yield from _spans(one)


def main() -> int:
    """Names the sessions whose labels have moved; 1 when there are any."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled sets")
    parser.add_argument("files", nargs="*", type=Path, default=FILES, help="label files; all of ours if none")
    parser.add_argument("--write", action="store_true", help="keep the words as they are read now")
    asked = parser.parse_args()
    shared, moved, absent = asked.data.resolve().parent, 0, 0
    for file in asked.files:
        lines = []
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            if not is_here(row["session"]):
                absent += 1
            elif not stands(found := session(shared, row["session"]), row):
                moved += 1
                print(f"{file.name}: {row['session']} quotes other words than were marked")
                if asked.write:
                    kept = fingerprint(found, row["decisions"])
                    row = {"session": row["session"], "words": kept, "decisions": row["decisions"]}
            lines.append(json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n")
        if asked.write:
            file.write_text("".join(lines), encoding="utf-8")
    print(f"{moved} moved, {absent} not looked at: no clone of their repository in INTENT_CLONES")
    return int(moved > 0 and not asked.write)


if __name__ == "__main__":
    sys.exit(main())
