"""How many links from decisions to code are right, by method, on real material judged by hand.

    python bench/link.py FOLDER... [--unjudged 20] [--seed 1] [--keep FOLDER]
    python bench/link.py --speed REPOSITORY

A FOLDER is a clone (its commits and folders of decision records are read), a folder with `segments.jsonl` and
`commits.jsonl` (agents' sessions whose commits are known), or any folder of sources. One that is absent is skipped and
said so. All of it goes into one store by `intent ingest`; the judgements are links.jsonl: the words of a decision stand
there as a hash. Printed for each method: links found, judged and right, with a Wilson interval of 95 %, by the sample
that was drawn (1: before the rules were corrected; 2: after; 3: links that nobody had looked at when rules were made);
what stayed unlinked; and the baselines: each tracked file whose name or stem is in the words, each commit of a
session's days. Left out as true by construction: that a commit's own message speaks of that commit, and of the number
in its subject. Same-change links of commits were judged from the message and, in samples 2 and 3, from the first
lines changed in that file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from link_material import kind_of, record_folders, transcripts
from link_rows import Link, baseline_commits, baseline_files, links_in, silent_decisions, unresolved_names
from link_speed import speed
from link_truth import truth

INTENT = [sys.executable, "-m", "intent_server.cli.main"]
JUDGEMENTS = Path(__file__).parent / "links.jsonl"
METHODS = ("explicit", "same_change", "name", "baseline")
AIMS: Mapping[str, float] = {"explicit": 0.98, "same_change": 0.95, "name": 0.90}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person found of one link. `sample`: the draw that it belongs to."""

    is_right: bool
    sample: int


def main() -> None:
    """Read, link, compare with the judgements, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--unjudged", type=int, default=0, metavar="N", help="list N links of each method to judge")
    parser.add_argument("--seed", type=int, default=1, help="of the draw that --unjudged lists")
    parser.add_argument("--keep", type=Path, help="folder for the store, left behind and used again")
    parser.add_argument("--speed", type=Path, metavar="REPOSITORY", help="measure time on this clone instead")
    asked = parser.parse_args()
    if asked.speed:
        speed(asked.speed)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        store = folder / "links.duckdb"
        if not store.exists():
            read(asked.folders, folder, store)
        report(store, asked)


def read(folders: Sequence[Path], folder: Path, store: Path) -> None:
    """All that is there into the store: repositories first, their decision records and the rest after."""
    kinds = {place: kind_of(place) for place in folders}
    for place in (one for one, kind in kinds.items() if kind == "absent"):
        print(f"skipped: {place} is not there")
    for place in (one for one, kind in kinds.items() if kind == "repository"):
        ingest(store, "git", str(place))
        for records in record_folders(place):
            ingest(store, str(records))
    for place, kind in kinds.items():
        if kind == "segments":
            count = transcripts(place, folder / "sessions")
            print(f"{place.name}: {count} sessions")
            ingest(store, str(folder / "sessions"))
        elif kind == "files":
            ingest(store, str(place))


def ingest(store: Path, *given: str) -> None:
    """`intent ingest`; files in a folder that no reader takes are no failure of the bench."""
    done = subprocess.run([*INTENT, "ingest", *given, "--store", str(store)], capture_output=True, text=True)
    last = (done.stdout.strip() or done.stderr.strip() or "nothing").splitlines()[-1].strip()
    print(f"read {' '.join(given)}: {last}", flush=True)


def report(store: Path, asked: argparse.Namespace) -> None:
    """Every figure of the links in a store."""
    links = list(links_in(store))
    counted = [one for one in links if not one.is_by_construction]
    based = list(baseline_files(store))
    judged = judgements()
    print(f"\n{len(links):,} links, {len(links) - len(counted):,} true by construction and left out")
    print(f"{'method':28}{'found':>7}{'sample':>8}{'as drawn':>30}{'of it, found now':>30}   aim")
    for method in METHODS:
        of_method = [one for one in (*counted, *based) if one.method == method]
        rows(method, of_method, judged, AIMS.get(method))
        for kind in sorted({str(one.row["set"]) for one in of_method}):
            rows(f"  {method}, {kind}", [one for one in of_method if one.row["set"] == kind], judged)
    kinds = Counter((one.method, one.relation, one.kind) for one in counted)
    print("found: " + ", ".join(f"{' '.join(key)} {count}" for key, count in sorted(kinds.items())))
    ambiguous, silent = unresolved_names(store), silent_decisions(store)
    print(f"names that fit several things and link to none: {ambiguous}; decisions without any link: {silent}")
    commits = list(baseline_commits(store))
    for place in asked.folders:
        if kind_of(place) == "segments":
            truth(store, place, links, based, commits)
    if asked.unjudged:
        unjudged((*counted, *based), judged, asked.unjudged, asked.seed)


def judgements() -> dict[str, list[Judgement]]:
    """By what identifies a link; one is drawn in two samples sometimes."""
    found: dict[str, list[Judgement]] = defaultdict(list)
    for line in JUDGEMENTS.read_text(encoding="utf-8").splitlines() if JUDGEMENTS.exists() else ():
        row = json.loads(line)
        found[identity(row)].append(Judgement(row["is_right"], row["sample"]))
    return found


def identity(row: Mapping[str, object]) -> str:
    """What makes two rows the same link."""
    names = ("set", "repository", "choice", "relation", "method", "kind", "name")
    return json.dumps([row[name] for name in names])


def rows(name: str, links: Sequence[Link], judged: Mapping[str, Sequence[Judgement]], aim: float | None = None) -> None:
    """A line for each sample that was judged: as it was drawn, and those of it that are found now."""
    found = {identity(one.row) for one in links}
    method, _, kind = name.strip().partition(", ")
    drawn: dict[int, list[bool]] = defaultdict(list)
    held: dict[int, list[bool]] = defaultdict(list)
    for key, verdicts in judged.items():
        of_kind, _, _, _, of_method, _, _ = json.loads(key)
        for one in verdicts if of_method == method and kind in ("", of_kind) else ():
            drawn[one.sample].append(one.is_right)
            if key in found:
                held[one.sample].append(one.is_right)
    for sample in sorted(drawn) or [0]:
        then, now = share(drawn[sample]), share(held[sample])
        print(f"{name:28}{len(found):>7}{sample or '-':>8}{then:>30}{now:>30}   {aim or ''}".rstrip())


def share(verdicts: Sequence[bool]) -> str:
    """Right of judged, and the share with its interval."""
    if not verdicts:
        return "-"
    low, high = wilson(sum(verdicts), len(verdicts))
    return f"{sum(verdicts)} of {len(verdicts)}: {sum(verdicts) / len(verdicts):.3f} ({low:.2f}-{high:.2f})"


def wilson(right: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """The interval of 95 % for a share."""
    if not count:
        return 0.0, 1.0
    share, square = right / count, z * z / count
    middle = (share + square / 2) / (1 + square)
    half = z * sqrt(share * (1 - share) / count + square / count / 4) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def unjudged(links: Iterable[Link], judged: Mapping[str, Sequence[Judgement]], count: int, seed: int) -> None:
    """Links to judge, drawn by a hash of what they are and the seed: the same ones every time."""
    drawn = sorted({identity(one.row): one for one in links}.items(), key=lambda item: _draw(item[0], seed))
    for method in METHODS:
        due = [one for _, one in drawn if one.method == method][:count]
        for one in due:
            if any(verdict.sample == seed for verdict in judged.get(identity(one.row), ())):
                continue
            print(f"\n{json.dumps({**one.row, 'sample': seed}, ensure_ascii=False)}")
            print("\n".join(f"    {line}" for line in told(one)))


def _draw(key: str, seed: int) -> str:
    return hashlib.sha256(f"{seed} {key}".encode()).hexdigest()


def told(link: Link) -> Iterator[str]:
    """What is needed to judge a link."""
    yield f"session: {link.session}"
    yield from (f"{kind}: {' '.join(words.split())[:600]}" for kind, words in link.words)
    yield f"evidence: {' '.join(link.evidence.split())[:300]}"
    if link.text:
        yield f"lines: {' '.join(link.text.split())[:200]}"


if __name__ == "__main__":
    main()
