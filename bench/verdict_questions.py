"""Records and questions of several independent sources, to see whether `why` answers what is recorded and that alone.

Each corpus is one store. PEPs, Rust RFCs and entries of decision logs become Markdown decision records of their
authors' own sections. Questions are made of what authors wrote: titles, headings of rejected alternatives, questions
and first sentences of a record's context. `why_questions.jsonl` holds those we wrote ourselves.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ingest.markdown import plain
from ingest.text import sentences
from intent_server.search_relevance import asked

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
ALTERNATIVES_ASKED = 4  # of one record: some PEPs reject thirty
TELLING_WORDS = 3  # a heading of fewer ("Naming") is asked together with the title it stands under
SECTION_CHARS = 4000

Kind = Literal["answerable", "near miss", "unrelated"]
_NUMBER = re.compile(
    r"^\s*(?:open data hub\s*-\s*)?(?:odh-)?(?:adr[\w ]*)?[-\d.: ]*(?:RHAISTRAT-\d+)?[\s:-]*", re.IGNORECASE
)
_IMPERATIVE = re.compile(r"(?:use|do not|do|write|add|support|decouple|keep|create)\b", re.IGNORECASE)
_OPTION = re.compile(r"^(?:(?:alternative|option)[ \w]*:|why not) *", re.IGNORECASE)
_STATUS = {"Rejected": "rejected", "Withdrawn": "rejected", "Superseded": "superseded", "Draft": "proposed"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, of which corpus, and the documents that answer it (of one of them all the others are made).

    `source`: how it came to be, by which figures are printed.
    """

    text: str
    corpus: str
    source: str
    kind: Kind
    documents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Document:
    """One record: its name, and the file (or folder of one export) that holds it."""

    name: str
    path: Path


def documents(data: Path, folder: Path) -> Mapping[str, Sequence[Document]]:
    """The records of each corpus, those that are made written under `folder`."""
    made = {
        "peps": [(row["id"], _pep(row)) for row in rows(data / "peps_rejected_ideas" / "peps.jsonl")],
        "rfcs": [(row["id"], _rfc(row)) for row in rows(data / "rust_rfcs" / "rfcs.jsonl")],
        "own": [(row["id"], row["text"]) for row in rows(data / "adrs" / "adrs.jsonl")]
        + [(_entry_name(row), _entry(row)) for row in rows(data / "decision_logs" / "entries.jsonl")],
    }
    found = {corpus: [_written(folder / corpus, name, text) for name, text in items] for corpus, items in made.items()}
    found["own"] += [Document(f"samples/{path.name}", path) for path in sorted(SAMPLES.glob("*/*"))]
    return found


def questions(data: Path) -> list[Question]:
    """All questions, each once."""
    made = [*_of_peps(data), *_of_rfcs(data), *_of_adrs(data), *_of_logs(data), *_ours()]
    asked_elsewhere = [other for corpus in ("peps", "rfcs", "own") for other in _foreign(made, corpus)]
    return list({(one.corpus, one.text): one for one in (*made, *asked_elsewhere)}.values())


def rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """The objects of a file of JSON lines; none where it is not there."""
    if path.is_file():
        yield from map(json.loads, path.read_text("utf-8").splitlines())


def order(text: str) -> int:
    """A place in an order that has nothing to do with the text's meaning."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def _written(folder: Path, name: str, text: str) -> Document:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (re.sub(r"[^\w.-]", "__", name.removesuffix(".md")) + ".md")
    path.write_text(text, "utf-8")
    return Document(name, path)


def _record(title: str, status: str, sections: Sequence[tuple[str, str]]) -> str:
    parts = [f"# {title}", f"## Status\n\n{status}", *(f"## {name}\n\n{text}" for name, text in sections if text)]
    return "\n\n".join(parts) + "\n"


def _pep(row: Mapping[str, Any]) -> str:
    alternatives = "\n\n".join(f"### {one['title']}\n\n{one['text'][:SECTION_CHARS]}" for one in row["alternatives"])
    sections = [
        ("Context", _of_role(row, "rationale")),
        ("Decision", _decided(row)),
        ("Alternatives considered", alternatives),
        ("Consequences", _of_role(row, "consequences")),
    ]
    return _record(row["title"], _STATUS.get(row["status"], "accepted"), sections)


def _rfc(row: Mapping[str, Any]) -> str:
    sections = [
        ("Context", _of_role(row, "rationale")),
        ("Decision", _decided(row)),
        ("Alternatives considered", _of_role(row, "alternatives")),
        ("Consequences", _of_role(row, "consequences")),
    ]
    return _record(row["title"], "accepted", sections)


def _decided(row: Mapping[str, Any]) -> str:
    """The title says what was decided; the summary often begins with "This PEP proposes", which states no choice."""
    return f"{_clean(row['title'])}.\n\n{_of_role(row, 'summary')}"


def _of_role(row: Mapping[str, Any], role: str) -> str:
    """The sections of a role, with their own headings where these say more than the role."""
    parts = []
    for section in row["sections"]:
        if section["role"] == role and section["text"].strip():
            head = f"### {section['heading']}\n\n" if _is_sub(section) else ""
            parts.append(head + _no_headings(section["text"][:SECTION_CHARS]))
    return "\n\n".join(parts)


def _is_sub(section: Mapping[str, Any]) -> bool:
    return _telling(section["heading"]) > 0 and not re.fullmatch(
        r"abstract|summary|motivation|rationale.*|alternatives.*|drawbacks|overview", section["heading"], re.IGNORECASE
    )


def _no_headings(text: str) -> str:
    return re.sub(r"^#+|^\[\w+\]: #\w+$", "", text, flags=re.MULTILINE)


def _entry_name(row: Mapping[str, Any]) -> str:
    return f"{row['repo']}/{row['title']}"


def _entry(row: Mapping[str, Any]) -> str:
    sections = [("Context", f"Decision log of {row['repo']}."), ("Decision", _no_headings(row["text"]))]
    return _record(row["title"], "accepted", sections)


def _of_peps(data: Path) -> Iterator[Question]:
    for row in rows(data / "peps_rejected_ideas" / "peps.jsonl"):
        yield Question(
            f"What was decided about {_lower(row['title'])}?", "peps", "PEP titles", "answerable", _only(row)
        )
        titles = sorted((_clean(one["title"]) for one in row["alternatives"]), key=order)
        for title in titles[:ALTERNATIVES_ASKED]:
            yield Question(_why_not(title, row["title"]), "peps", "PEP alternatives", "answerable", _only(row))


def _of_rfcs(data: Path) -> Iterator[Question]:
    for row in rows(data / "rust_rfcs" / "rfcs.jsonl"):
        title = _clean(row["title"].replace("-", " ").replace("_", " "))
        yield Question(f"Why {_lower(title)}?", "rfcs", "RFC titles", "answerable", _only(row))
        others = [_clean(one["heading"]) for one in row["sections"] if one["role"] == "alternatives" and _is_sub(one)]
        for heading in sorted(others, key=order)[:ALTERNATIVES_ASKED]:
            yield Question(_why_not(heading, title), "rfcs", "RFC alternatives", "answerable", _only(row))
        summary = next((one["text"] for one in row["sections"] if one["role"] == "summary"), "")
        yield from _context(summary, "rfcs", "RFC summaries", _only(row))


def _of_adrs(data: Path) -> Iterator[Question]:
    for row in rows(data / "adrs" / "adrs.jsonl"):
        title, gold = _NUMBER.sub("", _clean(row["title"])) or _clean(row["title"]), row["gold"]
        told = (
            f"Why did we decide to {_lower(title)}?"
            if _IMPERATIVE.match(title)
            else f"What did we decide about {_lower(title)}?"
        )
        yield Question(told, "own", "ADR titles", "answerable", _only(row))
        yield from _context(gold.get("context") or gold.get("what") or "", "own", "ADR contexts", _only(row))


def _of_logs(data: Path) -> Iterator[Question]:
    for row in rows(data / "decision_logs" / "entries.jsonl"):
        documents = frozenset({_entry_name(row)})
        yield Question(
            f"What did we decide about {_lower(row['title'])}?", "own", "log titles", "answerable", documents
        )
        yield from _context(row["text"], "own", "log contexts", documents)


def _ours() -> Iterator[Question]:
    for row in rows(Path(__file__).parent / "why_questions.jsonl"):
        yield Question(row["question"], "own", "our own", row["kind"], frozenset(row["records"]))


def _foreign(made: Sequence[Question], corpus: str) -> list[Question]:
    """Sixty questions about other corpora, asked of this one."""
    others = sorted((one for one in made if one.corpus != corpus and one.documents), key=lambda one: order(one.text))
    return [Question(one.text, corpus, "of another store", "unrelated") for one in others[:60]]


def _context(text: str, corpus: str, source: str, documents: frozenset[str]) -> Iterator[Question]:
    """The first question that a context puts, and its first sentence of a bearable length."""
    said = [" ".join(plain(text[left:right]).split()) for left, right in sentences(text[:2000])]
    fit = [one for one in said if _telling(one) >= TELLING_WORDS and len(one.split()) <= 30 and "http" not in one]
    puts = next((one for one in fit if one.endswith("?")), None)
    if puts:
        yield Question(puts, corpus, source, "answerable", documents)
    if fit and fit[0] != puts:
        yield Question(f"What did we decide about this? {fit[0]}", corpus, source, "answerable", documents)


def _why_not(option: str, title: str) -> str:
    option = _OPTION.sub("", option)
    if _telling(option) >= TELLING_WORDS:
        return f"Why not {_lower(option)}?"
    return f"{_clean(title)}: why not {_lower(option)}?"


def _telling(text: str) -> int:
    """How many words say what something is about."""
    return sum(weight == 1 for weight in asked(text).weights)


def _clean(text: str) -> str:
    return " ".join(plain(text).replace("``", "").replace("\\", "").split()).rstrip(".:?")


def _lower(text: str) -> str:
    """As it would stand within a sentence: a title's capitals are no names."""
    words = _clean(text).split()
    capitals = [word for word in words if word[:1].isupper() and not any(map(str.isupper, word[1:]))]
    small = capitals if 2 * len(capitals) >= len(words) else words[:1]
    return " ".join(word.lower() if word in small and word in capitals else word for word in words)


def _only(row: Mapping[str, Any]) -> frozenset[str]:
    return frozenset({row["id"]})
