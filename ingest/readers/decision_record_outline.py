"""Part of the decision-record reader: a document as utterances with what each section is for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.blanks import is_prompt, says_nothing
from ingest.markdown import FRONT_MATTER, Block, Section, blocks, plain, sections, without_comments, words_only
from ingest.prose import whole_sentences
from ingest.readers.decision_record_tongues import ROLES
from ingest.records import Utterance

_NUMBER = re.compile(r"^(?:\d{1,4}(?:\.\d+)*\s*[.):–-]+\s*|\d{1,4}\s+(?=\D))")
_ROLES: tuple[tuple[str, str], ...] = (
    ("status", r"(?:adr )?status(?: history)?"),
    ("date", r"date|decision date|date of decision"),
    ("deciders", r"deciders?|decision[- ]makers?|decided by"),
    ("authors", r"authors?|proposed by|proposers?"),
    (
        "pros",
        r"pros (?:and|&) cons(?: of the (?:options|alternatives))?|options? (?:analysis|comparison)"
        r"|evaluation(?: of .*)?",
    ),
    ("drivers", r"decision drivers?|drivers?|constraints?|forces|decision criteria"),
    ("options", r"considered options?|options? considered|options?|possible solutions?|solutions considered"),
    (
        "alternatives",
        r"(?:considered |rejected |discarded |other )?alternatives?(?: (?:considered|rejected))?|rejected options?"
        r"|other options?(?: considered)?",
    ),
    ("rationale", r"rationale(?: and .*)?|justification|reason(?:s|ing)?|why|motivation"),
    ("consequences", r"(?:positive |negative |neutral )?(?:consequences?|implications?)|impacts?|trade-?offs?"),
    ("links", r"links?|related(?: decisions?| adrs?| records?)?|see also|references?|more information"),
    (
        "decision",
        r"(?:the |our |final )?decisions?(?: outcome| made| taken)?|outcome|chosen (?:option|solution|approach)",
    ),
    ("confirmation", r"confirmation|validation|compliance|verification|links? to adrs?"),
    ("what", r"what"),
    ("how", r"how"),
    ("context", r"context(?: and problem statement)?|problem(?: statement)?|background|issue|introduction"),
)
_DECIDES = re.compile(r"\bdecision\b(?!.*\b(?:drivers?|criteria|log|records?|makers?|date|status|context)\b)")
_PLACEHOLDER = re.compile(r"\{[^{}\n]*\}|\[[^\[\]\n]*\](?![(:])|\{[^{}\n]*$", re.MULTILINE)
NESTED_PLACEHOLDERS = 3
"""How deep `{reason, e.g. {force}}` may go; MADR's templates go two deep."""
_DEFINED = re.compile(r"^ {0,3}\[([^\]]+)\]:", re.MULTILINE)
_LEAD_INS = re.compile(
    r"chosen options?|technical story|superseded by|good|bad|neutral|because(?: of)?|adr|e\.g\.|optional"
    r"|number\. title|^title$|status|date",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"\W*(?:n/?a|none|tbd|not applicable|nothing|no alternatives?(?: considered)?)\W*", re.IGNORECASE)
_NO_OPTION = re.compile(
    r"\W*(?:n/?a|tbd|tbc|to be (?:documented|written|added|done|determined)|none|not applicable|nothing)"
    r"(?:\W*$|\s*[-–—:;,.(])"
    r"|.*\b(?:no|not any|without|n['’]t any) (?:\w+ ){0,2}alternatives?\b",
    re.IGNORECASE | re.DOTALL,
)
_TEMPLATE = re.compile(
    r"what is the (?:issue|problem) that we['’]?(?:re| are) seeing\b|what is the status\b"
    r"|what is the change that we['’]?(?:re| are) proposing\b|what becomes (?:easier|better|harder|more difficult)\b"
    r"|the issue motivating this decision\b|the change that we['’]?(?:re| are) proposing or have agreed\b"
    r"|this section describes (?:the forces|our response|the resulting context|the context)\b"
    r"|it is stated in full sentences\b|in the context of [<{\[]",
    re.IGNORECASE,
)
"""How the sentences begin with which Nygard's template, in its spellings, and the Y-statement's ask for words."""
_ORDERS = re.compile(r"\W*(?:provide|give|specify|state|list)\b", re.IGNORECASE)
"""Words that open prompts of a template, and decisions (`Provide one solution to all tills`)."""
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_FIELD = re.compile(r"^[ \t]*(?:[-*+][ \t]+)?[\w][\w -]{0,30}:.*$|^[ \t]*\|.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One section as an utterance, with what it is for."""

    utterance: Utterance
    level: int
    heading: str
    """Markup and numbering removed, as written."""
    role: str
    """One of the roles above, or empty."""
    body_char: int
    """Where the text after the heading begins, in the utterance."""
    words: str
    """The utterance's text with fenced code and comments as blanks."""
    within: tuple[str, ...] = ()
    """The roles of the sections around it, outermost first."""

    def blocks(self) -> tuple[Block, ...]:
        """Paragraphs and list items of the body that say something (no placeholders)."""
        found = blocks(self.words, self.body_char)
        return tuple(block for block in found if says_something(self.utterance.text[block.start_char : block.end_char]))


def outline(text: str) -> tuple[Chapter, ...]:
    """Every section of the document as a chapter, in order."""
    found: list[Chapter] = []
    above: list[tuple[int, str]] = []
    for index, section in enumerate(sections(text)):
        above = [item for item in above if item[0] < section.level]
        chapter = _chapter(index, section, text, tuple(role for _, role in above))
        found.append(chapter)
        above.append((section.level, chapter.role))
    return tuple(found)


def _chapter(index: int, section: Section, text: str, within: tuple[str, ...]) -> Chapter:
    stored = text[section.start_char : section.end_char].rstrip()
    last = section.line + stored.count("\n")
    heading = plain(section.heading)
    utterance = Utterance(
        index=index, text=stored, role="document", locator=f"lines {section.line}-{last}", topic=heading or None
    )
    matter = FRONT_MATTER.match(stored) if section.level == 0 else None
    body = matter.end() if matter else min(section.body_char - section.start_char, len(stored))
    return Chapter(utterance, section.level, bare(heading), role_of(heading), body, words_only(stored), within)


@lru_cache(maxsize=1024)
def bare(heading: str) -> str:
    """A heading without its number, its `ADR-0001:` or a closing colon."""
    words = re.sub(r"^\W*(?:adr|decision record)[-_ ]?#?\d+\s*[:.–-]\s*", "", plain(heading), flags=re.IGNORECASE)
    return _NUMBER.sub("", words).rstrip(": ") or words


@lru_cache(maxsize=1024)
def role_of(heading: str) -> str:
    """What a section of this heading is for; empty when the heading does not say."""
    name = bare(heading).casefold()
    role = next((role for role, pattern in (*_ROLES, *ROLES) if re.fullmatch(pattern, name)), "")
    return role or ("decision" if _DECIDES.search(name) and len(name) < 40 else "")


def under(chapters: Sequence[Chapter], position: int) -> Iterator[Chapter]:
    """The chapters inside the one at `position`."""
    for after in range(position + 1, len(chapters)):
        if chapters[after].level <= chapters[position].level:
            return
        yield chapters[after]


def says_something(text: str) -> bool:
    """Whether any word is left once placeholders (`{…}`, `[…]`), lead-ins, pictures and `N/A` are taken away."""
    if _NOTHING.fullmatch(text) or not any(map(str.isalnum, _residue(_IMAGE.sub("", text), frozenset()))):
        return False
    return len(text.split()) == 1 or not all(
        is_blank_sentence(text[start:end]) for start, end in whole_sentences(text, 0, len(text))
    )


def is_blank_sentence(text: str) -> bool:
    """Whether a sentence is a template's, or says that nothing is decided or known (`No decision has been made yet.`).

    One word (`Later`) may be the name of an option.
    """
    if _is_asked(text):
        return True
    return len(text.split()) > 1 and not _ORDERS.match(text) and says_nothing(text)


def _is_asked(text: str) -> bool:
    """Whether a sentence is one by which a template asks for words."""
    return _TEMPLATE.match(text.lstrip(" \t\n*_>")) is not None or (not _ORDERS.match(text) and is_prompt(text))


def names_no_option(text: str) -> bool:
    """Whether words under `Alternatives` say that there are none, or none yet (`N/A - to be written`)."""
    return _NO_OPTION.match(text) is not None


def is_template(chapters: Sequence[Chapter]) -> bool:
    """Whether a record is made only of placeholders, comments, field names and known headings."""
    whole = "\n".join(chapter.utterance.text for chapter in chapters)
    defined = frozenset(name.casefold() for name in _DEFINED.findall(whole))
    return not any(char.isalnum() for chapter in chapters for char in _own_words(chapter, defined))


def _own_words(chapter: Chapter, defined: frozenset[str]) -> str:
    heading = "" if chapter.role else chapter.heading
    body = _FIELD.sub("", _unasked(chapter))
    return _residue(without_comments(heading), defined) + _residue(body, defined)


def _unasked(chapter: Chapter) -> str:
    """The body's words without the sentences by which a template asks for more; whole when there is none."""
    words = chapter.words
    told = (whole_sentences(words, block.start_char, block.end_char) for block in blocks(words, chapter.body_char))
    asked = [stretch for stretches in told for stretch in stretches if _is_asked(words[slice(*stretch)])]
    starts = [chapter.body_char, *(end for _, end in asked)]
    ends = [*(start for start, _ in asked), len(words)]
    return "".join(words[start:end] for start, end in zip(starts, ends, strict=True))


def _residue(text: str, defined: frozenset[str]) -> str:
    def gone(match: re.Match[str]) -> str:
        return match.group() if match.group()[1:-1].casefold() in defined else ""

    for _ in range(NESTED_PLACEHOLDERS):
        text = _PLACEHOLDER.sub(gone, text)
    return _LEAD_INS.sub("", text)
