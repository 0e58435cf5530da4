"""Part of the decision-record reader: the status that the lines of a record give it.

A line mentions a status where it says that it holds: not after a negation (`not yet accepted`), a condition (`once
approved`), `be` (`to be decided`, `will be superseded`) or `previously`, and not in a question. `TBD`, `to be decided`
and the like are proposed. Of several mentions, dated ones all, the one of the latest day counts; else the last, where
within a line what is settled outweighs what is open (`Accepted, pending the contract`). Nothing readable gives None.
A choice that a template offers (`Proposed | Accepted | …`) mentions nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from ingest.blanks import is_undecided
from ingest.markdown import plain
from ingest.readers.decision_record_dates import date_in
from ingest.readers.decision_record_tongues import NOT_YET, STATUSES
from ingest.records import Status

_STATUSES: tuple[tuple[Status, str], ...] = (
    (
        "superseded",
        r"super[sc]ee?d(?:ed)|deprecated|replaced[ ]by|obsoleted?|retired"
        r"|no[ ]longer[ ](?:accepted|active|valid|applicable|in[ ](?:use|force|effect))",
    ),
    ("declined", r"rejected|declined|withdrawn|abandoned|cancell?ed"),
    (
        "accepted",
        r"accepted|approved|decided(?![ ]against)|adopted|implemented|agreed|ratified|final(?![ ]draft)|active|done",
    ),
    (
        "proposed",
        r"proposed(?![ ]by\b)|proposal|draft|pending|rfc|(?:in|under)[ ](?:review|discussion|consideration)"
        r"|in[ ]progress|open|on[ ]hold",
    ),
)
_MENTION = re.compile(
    r"(?<![^\W\d_])(?:"
    + "|".join(f"(?P<{status}>{pattern}|{STATUSES[status]})" for status, pattern in _STATUSES)
    + r")(?![^\W\d_])",
    re.IGNORECASE,
)
_SET_ASIDE = re.compile(
    r"(?:\b(?:not|never|nor|neither|without|cannot|if|until|unless|once|when|before|after|awaiting|be|previously"
    r"|formerly|originally|initially|" + NOT_YET + r")|n['’]t)(?:\s{1,3}[\w-]{1,20}){0,2}\s{1,3}$",
    re.IGNORECASE,
)
"""What stands before a status that does not hold, or not now."""
SET_ASIDE_CHARS = 60
STATUS_WORDS = 12
"""Longer than any line that gives a status in the 46 records of the development set."""
_OFFERED = re.compile(r"[\s\"'*_]{0,4}(?:\||/|,?\s{0,3}\bor\b)[\s\"'*_]{0,4}", re.IGNORECASE)
"""Between two statuses to choose from."""
OFFERED = 3
"""A line that names so many different statuses without a day or an arrow offers them; MADR's names four."""
_ARROW = re.compile(r"[→⇒]|[-=]>")
_STRUCK = re.compile(r"~~[^~\n]*~~")


@dataclass(frozen=True, slots=True)
class _Mention:
    status: Status
    day: datetime | None


def status_in(lines: Sequence[str]) -> Status | None:
    """The status that the lines, in the record's order, reach; None where none is readable."""
    told = [_visible(line) for line in lines]
    short = [mention for words in told if not _is_prose(words) for mention in _mentions(words)]
    found = short or [mention for words in told for mention in _mentions(words)]
    days = [mention.day for mention in found if mention.day is not None]
    if found and len(days) == len(found):
        return next(mention.status for mention in reversed(found) if mention.day == max(days))
    return found[-1].status if found else None


def accepted_on(lines: Sequence[str]) -> datetime | None:
    """The first day on which the lines say that the record was accepted; None where they give none."""
    found = (mention for line in lines for mention in _mentions(_visible(line)))
    return next((mention.day for mention in found if mention.status == "accepted" and mention.day is not None), None)


def offers_statuses(line: str) -> bool:
    """Whether a line is a template's choice of statuses (`Proposed / Accepted`, `What is the status, such as…?`)."""
    words = _visible(line)
    found = list(_MENTION.finditer(words))
    pairs = pairwise(found)
    if any(one.lastgroup != two.lastgroup and _OFFERED.fullmatch(words, one.end(), two.start()) for one, two in pairs):
        return True
    kinds = len({match.lastgroup for match in found})
    if words.endswith("?"):
        return kinds > 1 or words.casefold().startswith("what is the status")
    return kinds >= OFFERED and date_in(words) is None and not _ARROW.search(words)


def _visible(line: str) -> str:
    return plain(_STRUCK.sub(" ", line)).strip()


def _is_prose(words: str) -> bool:
    """Whether a line tells about the status rather than gives it: long, and opening with no status."""
    return len(words.split()) > STATUS_WORDS and not _MENTION.search(words, 0, SET_ASIDE_CHARS)


def _mentions(words: str) -> Iterator[_Mention]:
    if words.endswith("?"):
        return
    found = [(match, status) for match in _MENTION.finditer(words) if (status := _holding(words, match)) is not None]
    ends = [*(match.start() for match, _ in found), len(words)][1:]
    said = [
        _Mention(status, date_in(words[match.end() : end]) or (date_in(words) if len(found) == 1 else None))
        for (match, status), end in zip(found, ends, strict=True)
    ]
    is_settled = any(mention.status != "proposed" for mention in said)
    yield from (mention for mention in said if mention.status != "proposed" or mention.day or not is_settled)
    if not said and is_undecided(words):
        yield _Mention("proposed", date_in(words))


def _holding(words: str, match: re.Match[str]) -> Status | None:
    before = words[max(0, match.start() - SET_ASIDE_CHARS) : match.start()]
    if _SET_ASIDE.search(before):
        return None
    return next((status for status, _ in _STATUSES if match.lastgroup == status), None)
