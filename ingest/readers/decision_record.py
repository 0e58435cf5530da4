"""Markdown decision records: MADR 2 to 4, log4brains, Nygard, table headers, DECISIONLOG.md, Y-statements, free forms.

Unit: a section, that is a heading (ATX or underlined) with the text up to the next one, or the text before the first
heading (front matter included). Fenced code heads nothing. A section is one utterance of role `document`.

Set aside by rule:
- `template`: all sections of a record made only of placeholders (`{…}`, `[…]`), a template's own words (`What is the
  change that we're proposing…?`), comments and field names.

Locator: `lines FROM-TO` of the file. Identity: the file name without its ending, after the name of the nearest folder
that is not a usual one (`adr`, `docs`, `decisions`…), as in `shop/0007-use-duckdb`: every project has a record 0001,
and every dbt package a DECISIONLOG. From standard input, where only a name is known, that name.

A record without a status counts as accepted when it states a choice (MADR makes the field optional), with a note; a
status that we cannot read counts as proposed, with a note. `deprecated` counts as superseded: it holds no longer.
A reference reads "this decision, relation, target" (target: file name, `ADR-0012` or number); `superseded by` turns
it round, written as relation `supersedes` with target kind `superseded_by` (`amended by` likewise: `refined_by`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import PurePosixPath

from ingest.markdown import FRONT_MATTER, plain, without_code
from ingest.readers.decision_record_facts import Facts, facts
from ingest.readers.decision_record_log import IS_LOG, is_log, logged
from ingest.readers.decision_record_outline import Chapter, bare, is_template, outline, role_of
from ingest.readers.decision_record_parts import names_choice, record_parts, told_parts
from ingest.readers.decision_record_ystatement import UNCONFIRMED, YStatement, y_statements
from ingest.records import Candidate, Reader, Rejected, Session, Source, Status
from ingest.text import folded, head_text, normalise, whole_text
from ingest.times import session_start

_VERSION = 4
_EXTRACTOR = f"decision_record/{_VERSION}"
_HEADING = re.compile(r"^ {0,3}#{1,6}(?:[ \t].*)?$", re.MULTILINE)
_UNDERLINE = re.compile(r" {0,3}(?:={3,}+|-{3,}+)[ \t]*+")
_NO_TITLE = re.compile(r" {4}|\t|\s*+(?:#|>|[-*+]\s|\d++[.)]\s|\||<!--)")
_TABLE_FIELD = re.compile(r"^\|\s*(date|scope|status|authors|supersedes|superseded by|tickets)\s*:?\s*\|", re.I | re.M)
_LINE_FIELD = re.compile(
    r"^[ \t]*+(?:[-*][ \t]++)?\*{0,3}(status|deciders|decision-makers|date|consulted|informed"
    r"|datum|entscheider|statut|décideurs|estado|fecha)\*{0,3}[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_USUAL_FOLDERS = frozenset(
    "adr adrs doc docs decision decisions architecture architecture-decisions architecture-decision-records"
    " decision-records decision_records records design rfc rfcs src".split()
)
_LEFT_TITLE = re.compile(
    r"(?:^|[-–—:]\s+)(?:(?:architecture |architectural )?decision record|adr|madr)[- ]template\s*$", re.IGNORECASE
)
"""A template's title that nobody replaced."""
_Y_WORDS = re.compile(
    r"\bcontext[\s*_]{1,8}of\b|\bfac(?:ing|ed)\b|\bdecided\s{1,8}(?:for|in\s+favou?r)\b", re.IGNORECASE
)
_FILE_NUMBER = re.compile(r"^(?:[\w-]*?\badr\b[\w-]*?[-_])?\d{1,8}[-_ ]+", re.IGNORECASE)
_ENDINGS = (".md", ".markdown", ".mdown", ".txt", ".adoc")


def accepts(source: Source) -> int:
    """How specific the match is: a known dialect 92, a decision log 77, a decision with its reasons 55 or 44.

    A title over Decision with Context or Status alone gives 20; a text that is mostly Y-statements 55.
    """
    if b"\x00" in source.head and not source.head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return 0
    head = head_text(source)
    if head.lstrip()[:1] in ("{", "[") and not head.lstrip().startswith(("[//]", "[!")):
        return 0
    headings = [match.strip().lstrip("#").strip() for match in _HEADING.findall(without_code(head))]
    names = {bare(heading).casefold() for heading in set(headings)}
    roles = {role_of(heading) for heading in set(headings)} - {""}
    if _is_known_dialect(head, names, roles):
        return 92
    if (IS_LOG.search(source.name) or any(IS_LOG.search(name) for name in names)) and len(headings) > 1:
        return 77
    if "decision" in roles and roles & {"options", "alternatives", "rationale", "consequences", "pros", "drivers"}:
        return 55
    first = next((heading for heading in headings if heading), "")
    if "decision" in names and names & {"context", "status"} and not role_of(first):
        return 20
    if {"rationale", "alternatives"} <= roles and roles & {"context", "consequences", "what"}:
        return 44
    return 55 if _is_told_in_y(head) else 0


def _is_told_in_y(head: str) -> bool:
    """Whether most of a text, headings aside, is Y-statements."""
    if not _Y_WORDS.search(head):
        return False
    chapters = outline(normalise(head))
    told = sum(one.end_char - one.start_char for one in y_statements(chapters) if one.opens)
    return 2 * told > sum(len(chapter.utterance.text[chapter.body_char :].strip()) for chapter in chapters)


def _is_known_dialect(head: str, names: set[str], roles: set[str]) -> bool:
    madr = {"context and problem statement", "decision outcome"} & names
    nygard = "decision" in roles and "context" in roles and bool(roles & {"status", "consequences"})
    table = len({match.casefold() for match in _TABLE_FIELD.findall(head[:4000])}) >= 3
    fields = len({match.casefold() for match in _LINE_FIELD.findall(head[:4000])}) >= 2
    return bool(madr) or nygard or (table and bool(roles)) or (fields and "decision" in roles)


def read(source: Source) -> Iterator[Session | Rejected]:
    """One session for the file: its sections, and the decisions that they state."""
    chapters = outline(whole_text(source, reader="decision_record"))
    said = facts(chapters)
    started, basis = session_start(source, said.date)
    native_id, project = _identity(source)
    if is_template(chapters):
        yield Session("decision_record", native_id, (), 0, "native", (("template", len(chapters)),))
        return
    title = _title(chapters)
    log = is_log(chapters, source.name)
    notes: list[str] = []
    stated = tuple(logged(chapters, _EXTRACTOR, notes)) if log else _decision(chapters, said, title, source, notes)
    yield Session(
        kind="decision_record",
        native_id=native_id,
        identity="native",
        utterances=tuple(chapter.utterance for chapter in chapters),
        kept=len(chapters),
        stated=stated,
        title=title,
        project=project,
        started_at=started,
        time_basis=basis,
        notes=tuple(notes),
    )


def _decision(
    chapters: Sequence[Chapter], said: Facts, title: str | None, source: Source, notes: list[str]
) -> tuple[Candidate, ...]:
    told = [one for one in y_statements(chapters) if _counts(one, chapters)]
    subject = folded(bare(title) if title else _named(source.name))
    if len(told) > 1 and not names_choice(chapters):
        found = [(folded(plain(one.subject)), told_parts(one)) for one in told]
    elif told:
        found = [(subject if title else folded(plain(told[0].subject)), record_parts(chapters, told[0]))]
    else:
        found = [(subject, record_parts(chapters))]
    found = [(subject, parts) for subject, parts in found if parts.found]
    notes.extend(note for _, parts in found for note in parts.notes)
    if told:
        notes.append(UNCONFIRMED)
    if not found:
        notes.append("no choice stated")
        return ()
    status = _status(said, notes)
    return tuple(
        Candidate(
            subject=subject,
            status=status,
            authority="structured",
            confidence=1.0,
            parts=tuple(parts.found),
            extractor=_EXTRACTOR,
            people=said.people,
            references=said.references,
            decided_at=said.date,
        )
        for subject, parts in found
    )


def _counts(told: YStatement, chapters: Sequence[Chapter]) -> bool:
    """Whether a Y-statement tells the record's decision.

    One under Context, Links or the options tells another's; the short form counts only where a decision is due.
    """
    chapter = told.chapter
    places = {chapter.role, *chapter.within}
    if places & {"options", "alternatives", "pros", "links", "context", "drivers"}:
        return False
    return told.is_whole or "decision" in places or not any(other.role for other in chapters)


def _status(said: Facts, notes: list[str]) -> Status:
    if said.status is not None:
        return said.status
    if said.status_words:
        notes.append(f"status '{folded(said.status_words)}' read as proposed")
        return "proposed"
    notes.append("status not stated, taken as accepted")
    return "accepted"


def _title(chapters: Sequence[Chapter]) -> str | None:
    """The first heading, unless it is one that every record has, or the template's own."""
    first = next((chapter for chapter in chapters if chapter.level), None)
    if first is None or first.role or first.utterance.topic is None or _LEFT_TITLE.search(first.utterance.topic):
        return None
    return first.utterance.topic


def _identity(source: Source) -> tuple[str, str | None]:
    """(native id, project) from the path alone."""
    if source.path is None:
        return _stem(source.name), None
    folders = reversed(PurePosixPath(source.uri).parent.parts)
    project = next((name for name in folders if name != "/" and name.casefold() not in _USUAL_FOLDERS), None)
    return (f"{project}/{_stem(source.name)}" if project else _stem(source.name)), project


def _named(name: str) -> str:
    """The words of a file's name, without the record's number and what stands before it."""
    stem = _stem(name)
    return re.sub(r"[-_\s]+", " ", _FILE_NUMBER.sub("", stem)).strip() or stem


def _stem(name: str) -> str:
    ending = next((ending for ending in _ENDINGS if name.lower().endswith(ending)), "")
    return name[: len(name) - len(ending)] or name


def count(source: Source) -> int:
    """Headings outside code and front matter, and one for text before the first."""
    text = whole_text(source, reader="decision_record")
    matter = FRONT_MATTER.match(text)
    offset = matter.end() if matter else 0
    body = without_code(text)[offset:]
    starts = [*(match.start() for match in _HEADING.finditer(body)), *_underlined(body)]
    before = text[: offset + min(starts, default=len(body))]
    return len(starts) + (1 if before.strip() else 0)


def _underlined(body: str) -> Iterator[int]:
    """Where the titles begin that stand over an underline, after a blank line or first of all."""
    rows = body.split("\n")
    starts = list(accumulate((len(row) + 1 for row in rows), initial=0))
    for at, row in enumerate(rows[1:], 1):
        is_free = at == 1 or not rows[at - 2].strip()
        if is_free and _UNDERLINE.fullmatch(row) and rows[at - 1].strip() and not _NO_TITLE.match(rows[at - 1]):
            yield starts[at - 1]


READER = Reader(
    name="decision_record",
    suffixes=frozenset({".md", ".markdown"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="sections",
    version=_VERSION,
)
