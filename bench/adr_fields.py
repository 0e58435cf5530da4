"""How much of what authors put under their headings the decision-record reader finds, beside a plain baseline.

Run: python -m bench.adr_fields --data FOLDER   (FOLDER holds adrs/adrs.jsonl)

The gold fields were parsed from the authors' own headings, so this measures reading, not understanding: MADR records
have `options`, `chosen`, `because`; Nygard records have `decision` (the whole section). A field is exact when the words
are the same without markup, and overlaps when one contains the other. `because` is the rationale in the section of the
choice (the reader also takes what is listed in favour of the chosen option further down, which is not counted here).
For options the alternatives and the choice together are compared with the list. Baseline: the line after
`Chosen option:`, split at `because`.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.markdown import plain
from ingest.readers.decision_record import accepts, count, read
from ingest.records import Candidate, Session
from ingest.sources import Declared, stdin_source

_BASELINE = re.compile(
    r'Chosen option:\s*"?(?P<chosen>[^"\n]+?)"?(?:,?\s+because\s+(?P<because>[^\n]+))?$', re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Fields:
    """What was found in one record, as plain words."""

    chosen: str
    because: str
    options: tuple[str, ...]


def words(text: str) -> str:
    """Words alone: no markup, list marks or punctuation, small letters."""
    return " ".join(re.findall(r"\w+", plain(re.sub(r"^[ \t]*[-*+] ", " ", text, flags=re.MULTILINE)).casefold()))


def by_reader(candidate: Candidate | None) -> Fields:
    """The fields of a candidate; empty ones for none."""
    if candidate is None:
        return Fields("", "", ())
    (choice,) = (part.spans[0] for part in candidate.parts if part.kind == "choice")
    own = [part.spans[0] for part in candidate.parts if part.about is None]
    reasons = [part.spans[0] for part in candidate.parts if part.kind == "rationale" and part.spans[0] in own]
    because = "\n".join(span.quote for span in reasons if span.utterance_index == choice.utterance_index)
    alternatives = (part.spans[0].quote for part in candidate.parts if part.kind == "alternative")
    return Fields(choice.quote, because, (choice.quote, *alternatives))


def by_baseline(text: str) -> Fields:
    """The fields by one regular expression."""
    found = _BASELINE.search(text)
    return (
        Fields(found.group("chosen"), found.group("because") or "", (found.group("chosen"),))
        if found
        else Fields("", "", ())
    )


def compared(found: str, gold: str) -> str:
    """`exact`, `overlap` or `missed`."""
    a, b = words(found), words(gold)
    if a == b:
        return "exact"
    return "overlap" if a and b and (a in b or b in a) else "missed"


def share_of(found: Sequence[str], gold: Sequence[str]) -> str:
    """`exact` when every gold option is among those found (or contains one), `overlap` when at least half are."""
    hits = sum(any(compared(one, option) != "missed" for one in found) for option in gold)
    return "exact" if hits == len(gold) else "overlap" if 2 * hits >= len(gold) else "missed"


def score(found: Fields, gold: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """(field, verdict) for each gold field of one record."""
    for name, value in (("chosen", found.chosen), ("because", found.because), ("decision", found.chosen)):
        expected = gold.get(name)
        if isinstance(expected, str) and expected.strip():
            yield name, compared(value, expected)
    options = gold.get("options")
    if isinstance(options, list) and options:
        yield "options", share_of(found.options, [str(option) for option in options])


def main() -> None:
    """Prints a table: field, records, exact and overlapping, for reader and baseline."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--misses", action="store_true", help="show what the reader missed")
    chosen = parser.parse_args()
    path = chosen.data / "adrs" / "adrs.jsonl"
    if not path.is_file():
        print(f"skipped: {path} is not here")
        return
    tally: dict[str, Counter[tuple[str, str]]] = {"reader": Counter(), "baseline": Counter()}
    stated: Counter[tuple[str, bool]] = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        candidate = _candidate(row["text"], Path(row["path"]).name)
        stated[(row["style"], candidate is not None)] += 1
        found = {"reader": by_reader(candidate), "baseline": by_baseline(row["text"])}
        for who, fields in found.items():
            for field, verdict in score(fields, row["gold"]):
                tally[who][(field, verdict)] += 1
                if chosen.misses and who == "reader" and verdict == "missed":
                    print(f"{row['path']} {field}: {found['reader']}")
    _print(tally, stated)


def _candidate(text: str, name: str) -> Candidate | None:
    source = stdin_source(text.encode(), Declared(stdin_name=name))
    if not accepts(source):
        return None
    sessions = [item for item in read(source) if isinstance(item, Session)]
    kept = sum(item.kept + sum(units for _, units in item.set_aside) for item in sessions)
    assert kept == count(source), name
    return sessions[0].stated[0] if sessions[0].stated else None


def _print(tally: Mapping[str, Counter[tuple[str, str]]], stated: Counter[tuple[str, bool]]) -> None:
    for style in sorted({style for style, _ in stated}):
        total = stated[(style, True)] + stated[(style, False)]
        print(f"{style}: {stated[(style, True)]} of {total} records state a decision")
    print(f"{'field':<10}{'n':>4}  {'reader exact':>13}{'or overlap':>12}  {'baseline exact':>15}{'or overlap':>12}")
    for field in ("chosen", "because", "options", "decision"):
        total = sum(tally["reader"][(field, verdict)] for verdict in ("exact", "overlap", "missed"))
        cells = []
        for who in ("reader", "baseline"):
            exact = tally[who][(field, "exact")]
            cells.append((exact, exact + tally[who][(field, "overlap")]))
        (a, b), (c, d) = cells
        print(f"{field:<10}{total:>4}  {a:>13}{b:>12}  {c:>15}{d:>12}")


if __name__ == "__main__":
    main()
