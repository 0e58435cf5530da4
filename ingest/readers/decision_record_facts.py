"""Part of the decision-record reader: status, date, people and links, from whichever place the dialect keeps them.

Places: YAML front matter, `- Status:` bullets or lines under the title, a table header, sections named for the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ingest.markdown import plain, without_comments
from ingest.readers.decision_record_badges import badges
from ingest.readers.decision_record_dates import date_in
from ingest.readers.decision_record_outline import Chapter
from ingest.readers.decision_record_status import accepted_on, offers_statuses, status_in
from ingest.readers.decision_record_tongues import FIELDS, SUPERSEDED_BY, SUPERSEDES
from ingest.records import Person, PersonRole, Reference, Relation, Status

_FIELD = re.compile(
    r"^[ \t]*(?:[-*+][ \t]+)?(?:\|[ \t]*)?[*_]{0,2}(?P<key>[^\W\d_](?:[^\W\d_]|[ -]){2,24}?)[*_]{0,2}"
    r"[ \t]*(?::[*_]{0,2}[ \t]*\|?|\|)[ \t]*[*_]{0,2}[ \t]*(?P<value>[^\n]*)$"
)
_LISTED = re.compile(r"^[ \t]+-[ \t]+(?P<value>\S[^\n]*)$|^-[ \t]+(?P<flush>\S[^\n:]*)$")
_KEYS = {
    "status": "status",
    "date": "date",
    "decision date": "date",
    "last updated": "updated",
    "deciders": "deciders",
    "decider": "deciders",
    "decision-makers": "deciders",
    "decision makers": "deciders",
    "decided by": "deciders",
    "authors": "authors",
    "author": "authors",
    "proposed by": "authors",
    "supersedes": "supersedes",
    "superseded by": "superseded by",
    "superseded-by": "superseded by",
    "superseded": "superseded by",
    "replaces": "supersedes",
    "replaced by": "superseded by",
    "amends": "amends",
    "amended by": "amended by",
    **FIELDS,
}
_VERBS: tuple[tuple[str, str, Relation, str], ...] = (
    (
        "superseded by",
        rf"super[sc]ee?ded[ -]by|replaced by|obsoleted by|{SUPERSEDED_BY}",
        "supersedes",
        "superseded_by",
    ),
    ("supersedes", rf"super[sc]ee?des|replaces|obsoletes|{SUPERSEDES}", "supersedes", "decision"),
    ("amended by", r"amended by|refined by|clarified by|extended by|updated by", "refines", "refined_by"),
    ("amends", r"amends|refines|clarifies|extends|updates", "refines", "decision"),
    ("depends on", r"depends on|builds on|requires", "depends_on", "decision"),
)
_VERB = re.compile("|".join(f"(?P<v{i}>{verb[1]})" for i, verb in enumerate(_VERBS)), re.IGNORECASE)
_LINK = re.compile(r"\[[^\[\]]*\]\(<?([^()<>]+)>?\)")
_NAMED = re.compile(r"\b(?:[A-Z]{2,8}-)?ADR[-_ #]*(?:[A-Z]+-)?\d{1,5}\b|\b[\w.-]+\.md\b", re.IGNORECASE)
_NUMBERED = re.compile(r"^[\s:]*(?:ADR|record|decision)?\s*#?(\d{1,5})(?![\w-])", re.IGNORECASE)
_RECORD_FILE = re.compile(r"^(?:\d{1,8}[-_ .]|.*adr[-_]?\d)", re.IGNORECASE)
_STORY = re.compile(
    r"[ \t]*+(?:[-*+][ \t]++)?(?:\|[ \t]*+)?[*_]{0,3}(?:technical story|tickets?|issues?)[*_]{0,3}[ \t]*+"
    r"(?::[*_]{0,3}|\|)(.*)",
    re.IGNORECASE,
)
_TICKET = re.compile(r"https?://[^\s<>()\[\]|\"']{3,500}|(?<![\w/.-])(?:[A-Z][A-Z0-9]{1,9}-\d{1,7}|#\d{1,7})(?![\w-])")
_PLACEHOLDER = re.compile(r"\{[^}\n]*(?:\}|$)|\[[^\[\]\n]*+\](?!\()|YYYY-MM-DD")

_UNTICKED = "[ ]"
_YAML_HOLE = re.compile(r"\{[^}\n]*(?:\}|$)|YYYY-MM-DD")
"""In front matter square brackets are a list."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record says of itself."""

    status: Status | None
    status_words: str
    """As written, for a note where we could not read them; empty when not stated."""
    date: datetime | None
    people: tuple[Person, ...]
    references: tuple[Reference, ...]


def facts(chapters: Sequence[Chapter]) -> Facts:
    """The record's own statements about itself; nothing is guessed."""
    fields = list(_fields(chapters))
    said = [value for key, value in fields if key == "status"]
    references = tuple(_references(fields, chapters))
    is_replaced = any(reference.target_kind == "superseded_by" for reference in references)
    return Facts(
        status="superseded" if is_replaced else status_in(said),
        status_words="; ".join(plain(value) for value in said),
        date=next((moment for key, value in fields if key == "date" and (moment := date_in(value))), None)
        or accepted_on(said),
        people=tuple(_people(fields)),
        references=references,
    )


def _fields(chapters: Sequence[Chapter]) -> Iterator[tuple[str, str]]:
    """(field, value) with placeholders and comments removed; values that say nothing are left out."""
    for chapter in chapters:
        body = without_comments(chapter.utterance.text[0 if chapter.level == 0 else chapter.body_char :])
        if chapter.role in {"status", "date", "deciders", "authors"}:
            found: Iterator[tuple[str, str]] = ((chapter.role, line.strip(" \t-*+_|")) for line in body.split("\n"))
        elif chapter.level <= 1 and not chapter.role:
            found = chain(_keyed(body), (("status", words) for words in badges(body)))
        else:
            continue
        hole = _YAML_HOLE if chapter.level == 0 and body.startswith("---") else _PLACEHOLDER
        for key, written in found:
            value = hole.sub("", written).strip(" \t|\"'")
            is_open = key == "status" and (written.startswith(_UNTICKED) or offers_statuses(value))
            if any(char.isalnum() for char in value) and not is_open and not _says_no_more(key, value):
                yield key, value


def _says_no_more(key: str, value: str) -> bool:
    """Whether a value stands for none; a status that is to be decided says so."""
    return value.casefold() in {"n/a", "none", "insert date"} or (key != "status" and value.casefold() == "tbd")


def _keyed(body: str) -> Iterator[tuple[str, str]]:
    open_key = ""
    for line in body.split("\n"):
        field = _FIELD.match(line)
        key = _KEYS.get(field.group("key").strip().casefold(), "") if field else ""
        listed = _LISTED.match(line)
        if key and field:
            open_key = "" if field.group("value").strip() else key
            yield key, field.group("value")
        elif open_key and listed:
            yield open_key, listed.group("value") or listed.group("flush")
        else:
            open_key = ""


def _people(fields: Sequence[tuple[str, str]]) -> Iterator[Person]:
    roles: dict[str, PersonRole] = {"deciders": "decided", "authors": "proposed"}
    seen: set[Person] = set()
    for key, value in fields:
        if key not in roles:
            continue
        for name in re.split(r"\s*[,;]\s*|\s+(?:and|&)\s+", plain(re.sub(r"^\[(.*)\]$", r"\1", value))):
            person = Person(name.strip(" \t\"'[]"), roles[key])
            if any(char.isalpha() for char in person.name) and person not in seen:
                seen.add(person)
                yield person


def _references(fields: Sequence[tuple[str, str]], chapters: Sequence[Chapter]) -> Iterator[Reference]:
    found: dict[tuple[str, str], Reference] = {}
    for line in _relating_lines(fields, chapters):
        for reference in _stated(line):
            found.setdefault((reference.target_kind, reference.target), reference)
    known = {reference.target for reference in found.values()}
    for chapter in chapters:
        for target in _linked_records(chapter):
            if target not in known:
                known.add(target)
                found[("decision", target)] = Reference("mentions", "decision", target, "explicit")
        for target in _tickets(chapter):
            found.setdefault(("issue", target), Reference("mentions", "issue", target, "explicit"))
    yield from found.values()


def _linked_records(chapter: Chapter) -> Iterator[str]:
    """File names of the records that a chapter links to, but for the example in a template's choice of statuses."""
    for line in chapter.words.split("\n"):
        links = _LINK.findall(line)
        if links and not ((chapter.level <= 1 or chapter.role == "status") and offers_statuses(line)):
            yield from (name for link in links if (name := _file_name(link)) is not None)


def _tickets(chapter: Chapter) -> Iterator[str]:
    """What a `Technical Story:` line or a `Tickets` row names: addresses, `SHOP-12`, `#12`."""
    for line in chapter.words.split("\n"):
        story = _STORY.match(line)
        if story:
            words = _PLACEHOLDER.sub("", story[1])
            yield from (link for link in _LINK.findall(words) if link.startswith(("https://", "http://")))
            yield from (match.group().rstrip(".,;") for match in _TICKET.finditer(_LINK.sub(" ", words)))


def _relating_lines(fields: Sequence[tuple[str, str]], chapters: Sequence[Chapter]) -> Iterator[str]:
    """The lines that may say how this record relates to another: status, fields named for a relation, links."""
    for key, value in fields:
        if key in {"status", *(verb[0] for verb in _VERBS)}:
            yield value if key == "status" else f"{key} {value}"
    for chapter in chapters:
        if chapter.role == "links" or "links" in chapter.within:
            yield from chapter.words[chapter.body_char :].split("\n")


def _stated(text: str) -> Iterator[Reference]:
    """The references that a line states by a verb: everything named between the verb and the next one."""
    verbs = list(_VERB.finditer(_LINK.sub(lambda link: " " * len(link.group()), text)))
    for match, following in zip(verbs, [*verbs[1:], None], strict=False):
        stretch = text[match.end() : following.start() if following else len(text)]
        _, _, relation, kind = _VERBS[int((match.lastgroup or "v0")[1:])]
        for target in _targets(stretch):
            yield Reference(relation, kind, target, "explicit")


def _targets(stretch: str) -> list[str]:
    linked = [name for link in _LINK.finditer(stretch) if (name := _file_name(link.group(1), any_file=True))]
    rest = _LINK.sub(" ", stretch)
    named = [match.group() for match in _NAMED.finditer(rest)]
    number = _NUMBERED.match(rest)
    if number and not linked and not named:
        return [number.group(1)]
    return list(dict.fromkeys([*linked, *named]))


def _file_name(target: str, *, any_file: bool = False) -> str | None:
    """The file name of a link to another record; None for a link to anything else."""
    try:
        name = PurePosixPath(unquote(urlsplit(target.strip()).path)).name
    except ValueError:
        return None
    if not name.lower().endswith((".md", ".markdown")):
        return None
    return name if any_file or _RECORD_FILE.match(name) else None
