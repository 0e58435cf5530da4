"""What extraction finds, without a language model: every figure beside plain baselines, on data it did not learn from.

    python bench/extract.py --data ../shared/data [--unseen FOLDER] [--only meetings own talk parts text speed]

By cross-validation over the documents of --data: no judge or weight behind a figure has seen a document of its test
fold; settings, and the threshold of delivery, were chosen on these documents. With --unseen (a folder laid out like
--data, of other documents) the judges learned from --data, as shipped, are scored there. A set that is not there is
skipped, and said. Needs `pip install -e '.[bench]'`.
Definitions: `metrics.py` beside the data, SOURCE.md of each set, `labels/README.md`.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from functools import reduce
from pathlib import Path

try:
    import extract_meetings
    import extract_own
    import extract_parts
    import extract_talk
    import extract_text
    from detector_data import Document, labelled, meetings
    from metrics_beside import metrics_beside
except ModuleNotFoundError as missing:
    sys.exit(f"not measured: this needs the extra bench, `pip install -e '.[bench]'` ({missing})")

from dataclasses import replace

from ingest.pipeline import PASSES
from ingest.records import Draft, Session

PARTS = ("meetings", "own", "talk", "parts", "text", "speed")
LONG = 20_000


def main() -> None:
    """Reads the options and prints the chosen reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of data sets; metrics.py is beside it")
    parser.add_argument("--unseen", type=Path, help="a folder laid out like --data with documents to score")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="reports to print; all of them if none")
    asked = parser.parse_args()
    data, unseen = asked.data.resolve(), asked.unseen and asked.unseen.resolve()
    metrics = metrics_beside(data)
    if "meetings" in asked.only:
        extract_meetings.report(data, metrics, unseen)
    if "own" in asked.only and unseen is None:
        extract_own.report(data)
    if "talk" in asked.only and unseen is None:
        extract_talk.report(data)
    if "parts" in asked.only and unseen is None:
        extract_parts.report(data)
    if "text" in asked.only:
        extract_text.report(data, metrics, unseen)
    if "speed" in asked.only and unseen is None:
        speed(data)


def speed(data: Path) -> None:
    """Prints utterances a second of processor time of all passes, by kind of session, and for one very long session."""
    if not (data / "ami_icsi_decisions").is_dir():
        print(f"skipped: speed: ami_icsi_decisions not in {data}")
        return
    found: list[Document] = list(meetings(data))[::8]
    if (data.parent / "samples").is_dir():
        found += [one for one in labelled(data.parent) if one.corpus == "own"]
    for kind in ("meeting", "agent_session", "issue"):
        sessions = [one.session for one in found if one.session.kind == kind]
        if sessions:
            count, seconds = sum(len(one.utterances) for one in sessions), _timed(sessions)
            words = sum(len(one.text.split()) for session in sessions for one in session.utterances)
            print(f"speed: {kind}: {count / seconds:,.0f} utterances, {words / seconds:,.0f} words a second")
    spoken = [one for document in found if document.session.kind == "meeting" for one in document.session.utterances]
    whole = [replace(spoken[i % len(spoken)], index=i, start_ms=1_800 * i) for i in range(LONG)]
    for size in (LONG // 4, LONG):
        seconds = _timed([Session("meeting", "long", tuple(whole[:size]), size)])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"speed: one meeting of {size:,} utterances: {size / seconds:,.0f} a second, peak so far {peak:,.0f} MiB")


def _timed(sessions: list[Session]) -> float:
    """Seconds of processor time for all passes, after one session that pays for what is loaded once."""
    _passed(sessions[0])
    began = time.process_time()
    for one in sessions:
        _passed(one)
    return time.process_time() - began


def _passed(session: Session) -> Draft:
    return reduce(lambda draft, step: step(draft), PASSES, Draft(session))


if __name__ == "__main__":
    main()
