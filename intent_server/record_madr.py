"""Part of the write side: held decisions as MADR 4 files, for people, other tools and our own decision-record reader.

Words are quoted on one line each, white space folded. A file has the plainest shape from which our reader takes choice,
reasons and alternatives back word for word: each shape is tried by reading it. What the form has no place for
(objections, where the words stand, how they are known) is in a fenced block at the end, which no reader takes for the
decision's own words. It is no backup: conversations, history, reviews and audit are not in it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from ingest.errors import SourceError
from ingest.pipeline import extract, read
from ingest.records import Session
from ingest.registry import reader_for
from ingest.sources import Declared, stdin_source
from intent_server.answers import Claim, Decision, Quote
from intent_server.store.connect import Db
from intent_server.store.load import cores, decisions

READER = "decision_record"
_AT_ONCE = 500
_SLUG_CHARS = 60
_STATUSES = {"declined": "rejected"}
"""MADR's word where it is not ours."""
_MARKS = (('"', '"'), ("'", "'"), ("“", "”"), ("‘", "’"), ("", ""))
"""What may stand around the chosen option, the usual first."""

Told = tuple[str, tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]
"""A choice, its reasons, and each alternative with what spoke against it: what must come back word for word."""


@dataclass(frozen=True, slots=True)
class Madr:
    """One file. `is_word_for_word`: our reader takes the decision's words back from it as they are."""

    name: str
    text: str
    is_word_for_word: bool


def madr_files(db: Db) -> list[Madr]:
    """One file a held decision, numbered in the order in which they were decided."""
    known = cores(db)
    ordered = sorted(known, key=lambda one: (known[one].decided_at is None, str(known[one].decided_at), one))
    names = {one: f"{number:04}-{_slug(known[one].subject)}.md" for number, one in enumerate(ordered, start=1)}
    made: list[Madr] = []
    for start in range(0, len(ordered), _AT_ONCE):
        made += (_file(decision, names) for decision in decisions(db, ordered[start : start + _AT_ONCE]))
    return made


def _file(decision: Decision, names: Mapping[str, str]) -> Madr:
    name, wanted = names[decision.decision_id], _told(decision)
    shapes = (_text(decision, names, marks=marks, nested=nested) for nested, marks in product((False, True), _MARKS))
    first = ""
    for text in shapes:
        first = first or text
        if _read_back(name, text) == wanted:
            return Madr(name, text, is_word_for_word=True)
    return Madr(name, first, is_word_for_word=False)


def _text(decision: Decision, names: Mapping[str, str], *, marks: tuple[str, str], nested: bool) -> str:
    """`nested`: what spoke against an alternative stands below it in the list, not under a heading of its own."""
    sections = [
        "\n".join(_front_matter(decision, names)),
        f"# {_line(decision.subject)}",
        f"## Context and Problem Statement\n\n{_context(decision)}",
        _section("## Decision Drivers", map(_words, decision.constraints)),
        _section("## Considered Options", _options(decision, nested=nested)),
        _outcome(decision, *marks),
        _section("### Consequences", map(_words, decision.consequences)),
        "" if nested else "\n\n".join(_pros_and_cons(decision)),
        "## More Information\n\n" + "\n".join(_more(decision)),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _front_matter(decision: Decision, names: Mapping[str, str]) -> Iterator[str]:
    yield "---"
    newer = [names[one] for one in decision.superseded_by if one in names]
    status = _STATUSES.get(decision.status, decision.status)
    yield f'status: "superseded by [{newer[0]}]({newer[0]})"' if newer else f"status: {status}"
    if decision.decided_at is not None and decision.date_basis != "assumed":
        yield f"date: {decision.decided_at:%Y-%m-%d}"
    people = [_line(one.person) for one in decision.people if one.role in ("decided", "agreed")]
    if people:
        yield f"decision-makers: {json.dumps(list(dict.fromkeys(people)), ensure_ascii=False)}"
    yield "---"


def _context(decision: Decision) -> str:
    place = decision.choice.quotes[0].place
    said = f", {decision.decided_at:%Y-%m-%d}" if decision.decided_at is not None else ""
    assumed = " (assumed from the file's time)" if said and decision.date_basis == "assumed" else ""
    return f"Recorded from {_code(place.session)}{said}{assumed}. Where each word stands is told at the end."


def _options(decision: Decision, *, nested: bool) -> Iterator[str]:
    if decision.alternatives:
        yield _words(decision.choice)
    for alternative in decision.alternatives:
        yield _words(alternative)
        for reason in alternative.reasons if nested else ():
            yield f"  * Bad, because {_words(reason)}"


def _outcome(decision: Decision, opening: str, closing: str) -> str:
    chosen = f"## Decision Outcome\n\nChosen option: {opening}{_words(decision.choice)}{closing}"
    if not decision.rationale:
        return chosen
    return f"{chosen}, because:\n\n" + "\n".join(f"* {_words(reason)}" for reason in decision.rationale)


def _pros_and_cons(decision: Decision) -> Iterator[str]:
    argued = [one for one in decision.alternatives if one.reasons]
    if argued:
        yield "## Pros and Cons of the Options"
    for alternative in argued:
        yield f"### {_words(alternative)}"
        yield "\n".join(f"* Bad, because {_words(reason)}" for reason in alternative.reasons)


def _more(decision: Decision) -> Iterator[str]:
    yield "Quoted from the record: the words, who said them and when, and the place in the source."
    yield ""
    yield "~~~text"
    yield f"decision {decision.decision_id}, {decision.authority}, confidence {decision.confidence:.2f}"
    for label, claims in (
        ("choice", [decision.choice]),
        ("rationale", decision.rationale),
        ("alternative", decision.alternatives),
        ("constraint", decision.constraints),
        ("objection", decision.objections),
        ("consequence", decision.consequences),
    ):
        for claim in claims:
            yield from _evidence(label, claim)
    for one in decision.people:
        yield f"person: {_line(one.person)} {one.role}"
    yield "~~~"


def _evidence(label: str, claim: Claim) -> Iterator[str]:
    for quote in claim.quotes:
        yield f"{label}: {json.dumps(_line(quote.recorded_text), ensure_ascii=False)}"
        yield f"    {_place(quote)}"
    for reason in claim.reasons:
        yield from _evidence("  rationale of the alternative", reason)


def _place(quote: Quote) -> str:
    place = quote.place
    said = f"{place.said_at:%Y-%m-%d %H:%M} UTC" if place.said_at is not None else ""
    characters = f"characters {quote.start_char}-{quote.end_char}"
    told = (place.speaker, said, place.source, place.locator, characters)
    return ", ".join(_line(one) for one in told if one)


def _section(heading: str, items: Iterator[str]) -> str:
    lines = [item if item.startswith("  ") else f"* {item}" for item in items]
    return "\n".join((heading, "", *lines)) if lines else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _words(claim: Claim) -> str:
    return _line(claim.text)


def _code(text: str) -> str:
    return "`" + _line(text).replace("`", "'") + "`"


def _slug(subject: str) -> str:
    plain = unicodedata.normalize("NFKD", subject).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_SLUG_CHARS].strip("-") or "decision"


def _told(decision: Decision) -> Told:
    return (
        _words(decision.choice),
        tuple(sorted(map(_words, decision.rationale))),
        tuple(sorted((_words(one), tuple(sorted(map(_words, one.reasons)))) for one in decision.alternatives)),
    )


def _read_back(name: str, text: str) -> Told | None:
    """What our reader takes from a file; None where that is not one decision."""
    source = stdin_source(text.encode(), Declared(stdin_name=name))
    try:
        reader = reader_for(source)
        sessions = read(source, reader).sessions
    except SourceError:
        return None
    return _told_by(sessions) if reader.name == READER else None


def _told_by(sessions: Sequence[Session]) -> Told | None:
    found = [candidate for session in sessions for candidate in extract(session).candidates]
    if len(found) != 1:
        return None
    parts = found[0].parts
    words = [_line(part.spans[0].quote) for part in parts]
    reasons: dict[int | None, list[str]] = {}
    for part, said in zip(parts, words, strict=True):
        if part.kind == "rationale":
            about = part.about if part.about is not None and parts[part.about].kind == "alternative" else None
            reasons.setdefault(about, []).append(said)
    alternatives = [
        (said, tuple(sorted(reasons.get(at, ()))))
        for at, (part, said) in enumerate(zip(parts, words, strict=True))
        if part.kind == "alternative"
    ]
    choice = next((said for part, said in zip(parts, words, strict=True) if part.kind == "choice"), "")
    return choice, tuple(sorted(reasons.get(None, ()))), tuple(sorted(alternatives))
