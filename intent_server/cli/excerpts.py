"""Pure: of what an answer quotes, what a terminal shows: short, around the words that were asked for.

`get` shows all of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from intent_server.answers import Claim, LinkAnswer
from intent_server.search_relevance import asked
from intent_server.search_terms import terms_among

CUT = "…"
QUOTE_CHARS = 240
"""Of a quote: three lines of a terminal."""
PARTS = 4
"""Of one kind that says why, that are shown of a decision."""
BESIDE = 2
"""The same of a kind that does not: constraints, objections, consequences."""
_BEFORE_CHARS = 80
_SUBJECT_CHARS = 60
"""A subject that long ends where it was cut, if its words go on."""
_DANGLING = frozenset(
    "a an and as at but by for from if in into is it its no of on or so that the then to with".split()
)
_LINES = re.compile(r"(?P<path>.+):(?P<first>\d+)(?:-(?P<last>\d+))?")
_SHA = re.compile(r"[0-9a-f]{40}")


def wanted(*questions: str | None) -> frozenset[str]:
    """The terms that tell what questions are about, without the words of asking."""
    every = [asked(question) for question in questions if question]
    told = [zip(one.words, one.weights, strict=True) for one in every]
    return frozenset(word[0] for pairs in told for word, weight in pairs if weight == 1)


def excerpt(text: str, terms: Collection[str], most: int = QUOTE_CHARS) -> str:
    """The text on one line; of one longer than `most` characters what stands around the first of the terms."""
    told = " ".join(text.split())
    if len(told) <= most:
        return told
    at = next((word.start() for word in re.finditer(r"\S+", told) if terms_among(word[0], terms)), 0)
    earliest = min(at - _BEFORE_CHARS, len(told) - most)
    start = 0 if at < most - _BEFORE_CHARS else told.find(" ", earliest, at) + 1 or earliest
    end = len(told) if len(told) - start <= most else told.rfind(" ", start + 1, start + most)
    end = end if end > at else start + most
    return f"{f'{CUT} ' if start else ''}{told[start:end]}{f' {CUT}' if end < len(told) else ''}"


def chosen(claims: Sequence[Claim], terms: Collection[str], most: int) -> list[Claim]:
    """Of the parts of one kind those to show, in their order: the ones with the terms before others.

    One more than `most` is shown too: to tell of it would take as much room.
    """
    if len(claims) <= most + 1:
        return list(claims)
    ranked = sorted(range(len(claims)), key=lambda place: (not terms_among(_words(claims[place]), terms), place))
    return [claims[place] for place in sorted(ranked[:most])]


def _words(claim: Claim) -> str:
    return "\n".join([claim.text, *map(_words, claim.reasons)])


def headline(subject: str, choice: str) -> str:
    """The subject on one line, marked where it ends although the words it was taken from go on."""
    told = " ".join(subject.split())
    words = plain(choice)
    place = words.find(plain(told))
    goes_on = place >= 0 and re.match(r",? ?[`\"'(]?\w", words[place + len(plain(told)) :]) is not None
    is_cut = len(told) >= _SUBJECT_CHARS or told.rpartition(" ")[2].casefold() in _DANGLING
    return f"{told} {CUT}" if goes_on and is_cut else told


def plain(text: str) -> str:
    """The words on one line, without case and Markdown's asterisks, as two of them are compared."""
    return " ".join(text.replace("*", "").split()).casefold()


def links(found: Iterable[LinkAnswer]) -> list[tuple[str, str]]:
    """Each link as its relation and what it goes to; those to lines of one file as one, after the file's own."""
    ranges: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
    told: dict[tuple[str, str, str], str] = {}
    for link in found:
        lines = _LINES.fullmatch(link.target) if link.target_kind == "lines" else None
        target = link.target[:10] if _SHA.fullmatch(link.target) else link.target
        key = (link.relation, lines["path"], link.method) if lines else (link.relation, target, link.method)
        if lines:
            last = f"-{lines['last']}" if lines["last"] else ""
            ranges[key].append((int(lines["first"]), f"{lines['first']}{last}"))
            told.setdefault(key, f"file {lines['path']}")
        else:
            told[key] = f"{link.target_kind} {target}"
    return [(key[0], f"{what}{_numbers(ranges.get(key, ()))}  ({key[2]})") for key, what in told.items()]


def _numbers(ranges: Sequence[tuple[int, str]]) -> str:
    return f", lines {', '.join(text for _, text in sorted(ranges))}" if ranges else ""
