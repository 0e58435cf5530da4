"""How many human-marked decisions of the AMI and ICSI meetings the cue passes find, and how fast they run.

    python bench/extract.py --data ../shared/data

Reads `ami_icsi_decisions/{ami,icsi}/*.json` under --data and scores with `metrics.py` from the folder above it. Printed
for each corpus: item recall within three utterances and candidate precision, at the threshold in use (with its limit
of three for ten minutes) and at the ten most confident a meeting, beside ten plain cue words ranked by count.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from ingest.extract.cues import cues
from ingest.extract.ground import ground
from ingest.extract.propose import propose, ranked
from ingest.extract.reasons import reasons
from ingest.extract.redact import redact
from ingest.records import Candidate, Draft, Session, Utterance

CUE_WORDS = re.compile(
    r"\b(?:decided?|decision|agreed?|let's|should|will|go with|we'll|definitely|final)\b", re.IGNORECASE
)
"""The baseline: ten words that announce decisions; the utterances that have most of them come first."""
TOP = 10


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as a session, with the utterance positions that annotators linked to each of its decisions."""

    corpus: str
    session: Session
    items: tuple[tuple[int, ...], ...]

    @property
    def hours(self) -> float:
        """Length of the talk."""
        starts = [one.start_ms or 0 for one in self.session.utterances]
        return (max(starts) - min(starts)) / 3_600_000


def meetings(folder: Path) -> Iterator[Meeting]:
    """Each meeting in the folder; utterances without words keep their position as a dash."""
    for path in sorted(folder.glob("*/*.json")):
        found = json.loads(path.read_text(encoding="utf-8"))
        utterances = tuple(
            Utterance(
                index,
                one["text"].strip() or "-",
                "person",
                f"utterance {index}",
                one["spk"],
                start_ms=int(one["t"] * 1000),
            )
            for index, one in enumerate(found["utterances"])
        )
        items = tuple(tuple(one["evidence"]) for one in found["decisions"] if one["evidence"])
        if items:
            yield Meeting(path.parent.name, Session("meeting", path.stem, utterances, len(utterances)), items)


def passes(session: Session) -> Draft:
    """The passes in the pipeline's order."""
    draft = Draft(session, candidates=session.stated)
    for one in (redact, cues, propose, reasons, ground):
        draft = one(draft)
    return draft


def kept(meeting: Meeting) -> list[int]:
    """Positions of what the product keeps."""
    return _positions(passes(meeting.session).candidates)


def top(meeting: Meeting) -> list[int]:
    """Positions of the ten most confident proposals, whatever their confidence."""
    return _positions(ranked(cues(Draft(meeting.session)))[:TOP])


def cue_words(meeting: Meeting) -> list[int]:
    """Positions of the ten utterances with most cue words; earlier first among equals."""
    counts = [(len(CUE_WORDS.findall(one.text)), one.index) for one in meeting.session.utterances]
    return [index for count, index in sorted(counts, key=lambda pair: (-pair[0], pair[1]))[:TOP] if count]


def report(name: str, found: Sequence[Meeting], find: Callable[[Meeting], list[int]], metrics: ModuleType) -> None:
    """Prints one line: recall, precision, candidates a meeting and an hour of talk."""
    positions = [find(meeting) for meeting in found]
    pairs = list(zip(positions, found, strict=True))
    recall = [metrics.item_recall(places, meeting.items) for places, meeting in pairs]
    right = [metrics.candidate_precision(places, meeting.items) for places, meeting in pairs]
    hit, items = (sum(column) for column in zip(*recall, strict=True))
    good, total = (sum(column) for column in zip(*right, strict=True))
    hours = sum(meeting.hours for meeting in found)
    print(
        f"  {name:<34} recall {hit / items:.3f} ({hit}/{items})  precision {good / max(1, total):.3f} ({good}/{total})"
        f"  {total / len(found):.1f} a meeting, {total / hours:.1f} an hour"
    )


def main() -> None:
    """Scores every corpus under --data and times the passes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds ami_icsi_decisions/")
    data: Path = parser.parse_args().data
    spec = importlib.util.spec_from_file_location("metrics", data.resolve().parent / "metrics.py")
    if spec is None or spec.loader is None:
        parser.error(f"no metrics.py beside {data}")
    metrics = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(metrics)
    found = list(meetings(data / "ami_icsi_decisions"))
    if not found:
        parser.error(f"no meetings in {data / 'ami_icsi_decisions'}")
    for corpus in sorted({meeting.corpus for meeting in found}):
        of_corpus = [meeting for meeting in found if meeting.corpus == corpus]
        print(f"{corpus}: {len(of_corpus)} meetings, {sum(meeting.hours for meeting in of_corpus):.1f} hours")
        report("kept (threshold, 3 for 10 minutes)", of_corpus, kept, metrics)
        report(f"top {TOP}, no threshold", of_corpus, top, metrics)
        report(f"{TOP} cue words by count", of_corpus, cue_words, metrics)
    start = time.perf_counter()
    for meeting in found:
        passes(meeting.session)
    elapsed = time.perf_counter() - start
    count = sum(len(meeting.session.utterances) for meeting in found)
    print(f"all passes: {count} utterances in {elapsed:.2f} s, {count / elapsed:,.0f} a second")


def _positions(candidates: Sequence[Candidate]) -> list[int]:
    return [candidate.parts[0].spans[0].utterance_index for candidate in candidates]


if __name__ == "__main__":
    main()
