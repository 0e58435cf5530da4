"""Part of the plain_text reader: minutes without speakers, bullets under headings, as a written record of a meeting.

Their lines are nobody's words: role `document`, one utterance an item with what is indented below it, its heading as
topic. An item that says `Decision:`, `Decided:`, `Agreed:` or `Resolved:`, or stands under a heading `Decisions`, is a
decision that the minutes state, unless it says that nothing is settled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.blanks import is_undecided, says_nothing
from ingest.prose import split_reason
from ingest.readers.plain_text_facts import Facts, facts, heading, is_fact_key
from ingest.records import Candidate, Part, Utterance
from ingest.text import folded, sentences, span
from ingest.turns import Talk, Turn

_BULLET = re.compile(r"^\s{0,40}(?:[-*+•]|\d{1,3}[.)])\s{1,4}\S")
_OF_A_MEETING = re.compile(
    r"\b(?:minutes|meetings?|stand-?up|retro(?:spective)?|weekly|sync|huddle|call|workshop)\b", re.IGNORECASE
)
_SAYS_DECIDED = re.compile(
    r"^(?:[-*+•]|\d{1,3}[.)])?\s{0,4}[*_]{0,2}(?:decision|decided|agreed|resolved|resolution)[*_]{0,2}\s?:[*_]{0,2}\s{1,4}"
    r"(?=\S)",
    re.IGNORECASE,
)
_DECISIONS = re.compile(r"^(?:key )?(?:decisions?(?: made| taken)?|agreements?|resolutions?)$", re.IGNORECASE)
_MARK = re.compile(r"^(?:[-*+•]|\d{1,3}[.)])\s{1,4}(?:\[[ xX]\]\s{1,4})?")
_FEWEST = 3
_BULLETS_SHARE = 0.4
_ALL_BULLETS_SHARE = 0.7
"""Notes with a date in their front matter and no other sign of a meeting must be bullets this far; ours, no source."""


def told(lines: Sequence[str]) -> Facts:
    """The facts above the first item; the items under `Attendees:` are people."""
    listing = False
    for at, line in enumerate(lines):
        if _BULLET.match(line) and not listing:
            return facts(lines, at)
        listing = listing if _BULLET.match(line) else is_fact_key(line)
    return facts(lines, len(lines))


def is_minutes(lines: Sequence[str], found: Facts) -> bool:
    """Whether a text is bullets of a dated meeting: people listed, or a title that says so, or hardly anything else."""
    body = [line for line in lines[found.front :] if line.strip()]
    bullets = sum(1 for line in body if _BULLET.match(line))
    if found.date is None or bullets < _FEWEST:
        return False
    if found.people or _OF_A_MEETING.search(found.title or ""):
        return bullets >= _BULLETS_SHARE * len(body)
    return found.front > 0 and bullets >= _ALL_BULLETS_SHARE * len(body)


def minutes(lines: Sequence[str], found: Facts) -> Talk:
    """The items of the minutes as turns of role `document`."""
    talk = Talk()
    topic: str | None = None
    for at in range(found.front, len(lines)):
        line = lines[at]
        plain = line.strip()
        if at in found.used:
            continue
        if not plain:
            if talk.turns:
                talk.turns[-1].words.append("")
        elif heading(plain) is not None:
            topic = heading(plain)
            talk.set_aside["heading"] += 1
        elif not plain.strip("-_*= "):
            talk.set_aside["time marker"] += 1
        elif line[:1].isspace() and talk.turns and talk.turns[-1].topic == topic:
            talk.turns[-1].add(at, line.rstrip())
        else:
            talk.turns.append(Turn(None, None, at, topic, "document", last=at))
            talk.turns[-1].add(at, plain)
    return talk


def decided(utterances: Sequence[Utterance], extractor: str) -> Iterator[Candidate]:
    """The decisions that items state."""
    for item in utterances:
        labelled = _SAYS_DECIDED.match(item.text)
        mark = labelled or _MARK.match(item.text)
        if labelled is None and not (mark and _DECISIONS.match(item.topic or "")):
            continue
        start = mark.end() if mark else 0
        said = item.text[start:]
        cut = next(sentences(said), None)
        if cut is None or any(says_nothing(one) or is_undecided(one) for one in (said, said.partition(": ")[2]) if one):
            continue
        claim, reasons = split_reason(item.text, start + cut[0], start + cut[1])
        parts = [Part("choice", (span(item, *claim),))]
        parts += [Part("rationale", (span(item, *reason),), about=0) for reason in reasons]
        subject = folded(item.text[slice(*claim)].rstrip("."))
        yield Candidate(subject, "accepted", "structured", 1.0, tuple(parts), extractor)
