"""Question dialogs of coding agents: the options offered, which of them an answer picks, and what that decides.

The choice is the answer in the person's words, restated by the labels it picks. The description of a picked option is a
rationale (the assistant's words) about the choice. Options not picked are alternatives where another was picked; an
answer typed in own words may speak of any option, so they are alternatives to it only where it plainly names something
else. A typed answer that puts the question off, asks back or leaves the choice to others decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.harness import PERSON
from ingest.records import Candidate, Part, Person, Span, Utterance
from ingest.text import folded, span

Range = tuple[int, int]

_WORD = re.compile(r"\w+")
_LEAD = re.compile(
    r"(?:(?:h+m+|uh+m*|um+|well|honestly|sorry|actually|oh|ah|so|but|please|frankly|ok|okay|no)\b[\s,.…!-]*)+"
)
_OPENINGS = (
    r"i (?:really |honestly |just )?(?:do not|don't|dont|cannot|can't|cant) (?:know|decide|say|tell|care|mind)\b",
    r"(?:i'm |i am |we're |we are )?(?:not (?:really |quite |yet )?(?:sure|certain|decided)|unsure|undecided)\b",
    r"(?:i have |i've |we have |got )?no (?:idea|opinion|preference|clue|answer|response)\b",
    r"(?:do not|don't|dont) (?:know|care)\b|dunno|idk\b|n/?a$|tbd\b|to be (?:decided|determined|discussed)",
    r"(?:it )?depends\b|(?:i'll |i will )?pass$|skip(?: (?:it|this|that|question|one|for|now))*$|cancel$",
    r"(?:let's |let us |can we |we should |we need to |i want to |i'd like to |i'd rather |rather )?"
    r"(?:chat|discuss|talk|think)(?: \w+)? (?:about|it|this|that|over|first|more)\b",
    r"(?:let's |let us |i'll |i will |we'll |we can )?"
    r"(?:(?:decide|do)(?: this| that| it)? (?:later|tomorrow)|come back|circle back"
    r"|(?:revisit|postpone) (?:it|this|that)\b)",
    r"(?:maybe |ask me )?later(?:$|[,.])|not (?:now|yet)\b|hold on|wait(?:$|[,.!]| (?:for me|until i|a )\b)|one moment",
    r"give me (?:a|some|more|time)\b|(?:i |we )?need (?:more )?(?:time|info|details)",
    r"none\b|neither\b|nothing$|other$|something else$",
    r"whatever|whichever|you (?:decide|choose|pick|tell)|up to you|your (?:call|choice|decision)|either\b|any(?: of|$)",
    r"(?:it )?(?:doesn't|does not) matter|(?:can|could|would|will) you\b|tell me|clarify|show me",
    r"explain(?:$| (?:it|this|that|the|what|why|how|more)\b)",
    r"(?:what|which|why|how|who|when|where)"
    r"(?:'s|'re| is| are| was| does| do| did| would| should| can| about| if)\b",
    r"(?:(?:about|by|for|from|given|in|of|on|to|with) )?(?:what|which|whose)\b[^.?!,;]{0,100}(?:\?|\.\.|…)",
)
_OPEN_FROM_THE_START = re.compile("|".join(f"(?:{words})" for words in _OPENINGS))
_SHOWN = (
    r"(?:attachment|choice|diagram|drawing|file|image|link|list|matrix|message|mockup|option|picture|plan|preview|proposal"
    r"|question|screenshot|table|text)s?"
)
"""What an agent says that it shows, and a person may not see."""
_OPEN_ANYWHERE = re.compile(
    r"\blet me (?:ask|check|think|look|see|talk|get back|come back|discuss|sleep|find out|consult)\b"
    r"|\b(?:i|we)(?:'ll| will| need to| have to| must| should) (?:ask|check with|think about|discuss|consult)\b"
    r"|\b(?:don't|do not) know yet\b|\bnot (?:sure|decided) yet\b|\bdecide later\b"
    r"|\bnone of (?:these|them|those|the above)\b"
    r"|\b(?:i|we) (?:do not|don't|dont|cannot|can't|cant) (?:see|find) "
    r"(?:anything|it|that|this|them|any of (?:them|these|those)|(?:the|an?|any|your) " + _SHOWN + r")"
    r"(?: (?:above|anywhere|here|there|yet))*(?:$|[.,;!?…])"
)
_ASK_SOMEBODY = re.compile(r"(?:[Pp]lease )?[Aa]sk (?:him|her|them|[A-Z]\w+)\b")
_NAMED = re.compile(r"`[^`\n]+`|\b\w(?=\w*[a-z])\w*[A-Z]\w*|\binstead\b")
_LEFT_TO_THE_AGENT = re.compile(
    r"(?:you|claude|agent|the agent|let (?:claude|the agent|you)) (?:can )?(?:decides?|chooses?|picks?)\b"
    r"(?! the \w+ (?:of|for)\b)"
    r"|(?:it's |it is )?(?:up to you|your (?:call|choice|discretion|judge?ment))\b(?! (?:of|for)\b)"
    r"|no preference\b(?! of\b)|(?:claude|agent)'s (?:discretion|choice)\b(?! of\b)",
    re.IGNORECASE,
)
"""How a label begins that leaves the choice to the agent, but for one that goes on to a thing ("Your choice of colours
per user")."""
_OPENING_CHARS = 400
"""Who puts a question off says so early; a longer answer speaks of the matter."""
_NAMING_CHARS = 60
"""A typed answer up to this length that names a thing no option speaks of is taken to name another thing."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a dialog: where its label and description stand in the dialog's text."""

    label: str
    label_range: Range
    description_range: Range | None


def picked_at(answer: str, at: int, options: Sequence[Option]) -> tuple[tuple[Option, ...], int]:
    """The options whose labels follow one another from `at`, joined by commas, and where the last one ends."""
    picked: list[Option] = []
    left = [item for item in options if item.label]
    end = at
    while at < len(answer):
        fits = [item for item in left if answer[at:] == item.label or answer.startswith(f"{item.label}, ", at)]
        if not fits:
            break
        longest = max(fits, key=lambda item: len(item.label))
        picked.append(longest)
        left = [item for item in left if item.label != longest.label]
        end = at + len(longest.label)
        at = end + len(", ")
    return tuple(picked), end


def picked(answer: str, options: Sequence[Option]) -> tuple[Option, ...]:
    """The options an answer consists of; none when any of it is typed."""
    found, end = picked_at(answer, 0, options)
    return found if end == len(answer) else ()


def is_settled(typed: str) -> bool:
    """Whether typed words take a side: not blank, no question, nothing put off or left to others."""
    if typed.rstrip().endswith("?"):
        return False
    words = typed.strip()[:_OPENING_CHARS].replace("’", "'").casefold().rstrip(" .!…")
    words = words[lead.end() :] if (lead := _LEAD.match(words)) and lead.end() < len(words) else words
    is_open = _OPEN_FROM_THE_START.match(words) or _OPEN_ANYWHERE.search(words) or _ASK_SOMEBODY.match(typed.strip())
    return _WORD.search(words) is not None and not is_open


def decided(choice: Span, asked: Utterance, options: Sequence[Option], chosen: Sequence[Option]) -> tuple[Part, ...]:
    """The parts of the decision that an answer makes; none when it decides nothing."""
    if not chosen and not is_settled(choice.quote):
        return ()
    if chosen and all(_LEFT_TO_THE_AGENT.match(option.label) for option in chosen):
        return ()
    parts = [Part("choice", (choice, *(span(asked, *option.label_range) for option in chosen)))]
    for option in chosen:
        if option.description_range is not None:
            parts.append(Part("rationale", (span(asked, *option.description_range),), about=0))
    if chosen or _names_another(choice.quote, options):
        left = (option for option in options if option not in chosen)
        parts += [Part("alternative", (span(asked, *option.label_range),)) for option in left]
    return tuple(parts)


def stated(
    subject: str, parts: Sequence[Part], asked: Utterance, said_at: datetime | None, extractor: str
) -> Candidate:
    """The decision that the person made by answering what was asked."""
    return Candidate(
        subject=folded(subject),
        status="accepted",
        authority="structured",
        confidence=1.0,
        parts=tuple(parts),
        extractor=extractor,
        people=(Person(PERSON, "decided"), Person(asked.speaker or "assistant", "proposed")),
        decided_at=said_at,
    )


def _names_another(typed: str, options: Sequence[Option]) -> bool:
    words = set(_words(typed))
    is_short = len(typed) <= _NAMING_CHARS
    return is_short and _NAMED.search(typed) is not None and not any(words & set(_words(o.label)) for o in options)


def _words(text: str) -> Iterator[str]:
    return (word.casefold() for word in _WORD.findall(text))
