"""Part of the decision-record reader: the options considered, which one was taken, and what spoke against the others.

An option is an alternative only where it is certain that it is not the one chosen: the chosen option must match
exactly one of those listed, or the heading must say `alternatives` (or `rejected`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from ingest.markdown import plain
from ingest.prose import Stretch, split_option, whole_sentences
from ingest.readers.decision_record_names import VERDICT, unique_match
from ingest.readers.decision_record_outline import Chapter, bare, names_no_option, says_something, under
from ingest.readers.decision_record_tongues import BECAUSE, CON, PRO

_OPTION_HEADING = re.compile(
    r"^(?:option|alternative|approach)\s*\(?(?:\d+|[a-z])\)?(?:\s*[:.)–—-]|\s|$)", re.IGNORECASE
)
_TAKEN = frozenset({"selected", "chosen", "accepted"})
_ARGUMENT = re.compile(
    rf"[*_]{{0,2}}(?:(?P<con>bad|con|cons|negative|disadvantages?|{CON}|-)"
    rf"|(?P<pro>good|pro|pros|positive|advantages?|{PRO}|\+))[*_]{{0,2}}\s*"
    rf"(?:[,:][*_]{{0,2}}\s*(?:because\s+(?:of\s+)?|(?:{BECAUSE})\s*)?|\s+because\s+(?:of\s+)?)",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    rf"^(?:cons?|disadvantages?|drawbacks?|weaknesses|negatives?|rejected because|why not|{CON})$", re.IGNORECASE
)
_FOR = re.compile(rf"^(?:pros?|advantages?|benefits?|strengths|positives?|{PRO})$", re.IGNORECASE)
_LABELLED = re.compile(
    r"[*_]{0,2}(?P<label>cons?|disadvantages?|drawbacks?|(?:was )?rejected(?: because)?|why not"
    r"|pros?|advantages?|benefits?)"
    r"[*_]{0,2}\s*:[*_]{0,2}\s*",
    re.IGNORECASE,
)
_BOLD_NAME = re.compile(r"\*\*([^*\n]+?):?\*\*(?:\s*[:–—-]+\s*|\s*$)")
_NAMES_OPTION = re.compile(
    r"\b(?:alternatives?(?! to document)|options?|instead|could|would|considered|rather)\b", re.I
)
_POINTS = re.compile(r"\b(?:below|above|(?:the|this|that) (?:solution|option|following))\b", re.IGNORECASE)
"""`designed the solution below` points at an option and names none."""
_AGAINST_IT = re.compile(
    r"\b(?:however|but|yet|would|not|too|requires?|because|cannot|no|lacks?|slow(?:er)?|harder|worse|more|only|reject\w*)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
_BUT = re.compile(r"(?:,\s{1,40}(?:but|however,?|yet)|,?\s{1,40}because(?: of)?)\s{1,40}(?=\S)", re.IGNORECASE)
_ANNOUNCES_REASONS = re.compile(
    r"\b(?:following|these|several|some)\b[^.:]{0,200}\b(?:limitations?|reasons?|drawbacks?|problems?|issues?|disadvantages?"
    r"|shortcomings?|concerns?)\b",
    re.IGNORECASE,
)
"""Under `Alternatives`: the headings below are then what speaks against the one option named here."""
_HEADING_MARK = re.compile(r"[# \t]*(?:\d{1,3}[.)]\s+)?")


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument listed under an option."""

    chapter: Chapter
    stretch: Stretch
    against: bool


@dataclass(frozen=True, slots=True)
class Option:
    """An option as named once in the record, with its arguments."""

    chapter: Chapter
    stretch: Stretch
    arguments: tuple[Argument, ...] = ()
    is_alternative: bool = False
    """The heading over it says that it was not taken."""
    verdict: str = ""
    """`selected`, `rejected`… where its heading says so."""

    @property
    def name(self) -> str:
        """The option's words without markup."""
        start, end = self.stretch
        return plain(self.chapter.utterance.text[start:end])


def options(chapters: Sequence[Chapter]) -> list[Option]:
    """Every option, once: from the list of options, else from headings that name one; arguments joined by name."""
    listed = [option for position, chapter in enumerate(chapters) for option in _listed(chapters, position, chapter)]
    headed = [option for position, chapter in enumerate(chapters) for option in _headed(chapters, position, chapter)]
    if not listed:
        return headed
    names = [option.name for option in headed]
    joined = []
    for option in listed:
        match = unique_match(option.name, names)
        same = headed[match] if match is not None else None
        arguments = (*option.arguments, *(same.arguments if same else ()))
        verdict = option.verdict or (same.verdict if same else "")
        joined.append(Option(option.chapter, option.stretch, arguments, option.is_alternative, verdict))
    return joined


def taken(found: Sequence[Option], choice: str) -> int | None:
    """Position of the option that the choice names; None when none, or more than one, could be meant."""
    return unique_match(choice, [option.name for option in found])


def _listed(chapters: Sequence[Chapter], position: int, chapter: Chapter) -> Iterator[Option]:
    """Options written as a list under `Considered Options` or `Alternatives`."""
    if chapter.role not in {"options", "alternatives"}:
        return
    below_it = [inner for inner in under(chapters, position) if inner.level == chapter.level + 1]
    if chapter.role == "alternatives" and below_it and _announces_reasons(chapter):
        yield from _option_with_headed_reasons(chapter, below_it)
        return
    named = bool(below_it)
    found = [block for block in chapter.blocks() if block.kind == "item"]
    outer = min((block.indent for block in found), default=0)
    if named and not found:
        return
    for place, block in enumerate(found):
        if block.indent > outer or names_no_option(chapter.utterance.text[block.start_char : block.end_char]):
            continue
        below = takewhile(lambda other: other.indent > outer, (found[at] for at in range(place + 1, len(found))))
        arguments = [
            argument
            for other in below
            for argument in _argument(chapter, other.start_char, other.end_char, default=None)
        ]
        name, reason = _named(chapter, block.start_char, block.end_char)
        if reason is not None:
            arguments.append(Argument(chapter, reason, against=True))
        yield Option(chapter, name, tuple(arguments), chapter.role == "alternatives")
    if not found and not named and chapter.role == "alternatives":
        yield from _paragraph_options(chapter)


def _paragraph_options(chapter: Chapter) -> Iterator[Option]:
    """Alternatives told in prose: a paragraph whose first sentence names one; what follows may say why not."""
    text = chapter.utterance.text
    for block in chapter.blocks():
        cut = list(whole_sentences(text, block.start_char, block.end_char)) if block.kind == "paragraph" else []
        opening = text[slice(*cut[0])] if cut else ""
        if not _NAMES_OPTION.search(opening) or _POINTS.search(opening) or names_no_option(opening):
            continue
        against = next((left for left, right in cut[1:] if _AGAINST_IT.search(text, left, right)), None)
        option, but = against_in(text, cut[0])
        rest = None if against is None else (against, cut[-1][1])
        reasons = tuple(Argument(chapter, reason, against=True) for reason in (but, rest) if reason is not None)
        yield Option(chapter, option, reasons, is_alternative=True)


def against_in(text: str, sentence: Stretch) -> tuple[Stretch, Stretch | None]:
    """The option that a sentence turns down and why: `We considered X, but Y` gives X with its lead-in, and Y."""
    cut = _BUT.search(text, *sentence)
    return (sentence, None) if cut is None else ((sentence[0], cut.start()), (cut.end(), sentence[1]))


def _announces_reasons(chapter: Chapter) -> bool:
    words = [chapter.utterance.text[block.start_char : block.end_char] for block in chapter.blocks()]
    return len(words) == 1 and _ANNOUNCES_REASONS.search(words[0]) is not None


def _option_with_headed_reasons(chapter: Chapter, below: Sequence[Chapter]) -> Iterator[Option]:
    """`We considered X, but for these reasons…` over headings that each give a reason."""
    block = chapter.blocks()[0]
    text = chapter.utterance.text
    option, _ = against_in(text, next(whole_sentences(text, block.start_char, block.end_char)))
    reasons = tuple(Argument(inner, _heading_words(inner), against=True) for inner in below)
    if _NAMES_OPTION.search(text, *option):
        yield Option(chapter, option, reasons, is_alternative=True)


def _heading_words(chapter: Chapter) -> Stretch:
    """The words of a heading without number signs, underline and number."""
    line = chapter.utterance.text[: chapter.body_char].rstrip().rstrip("#=-\n ").split("\n")[0]
    mark = _HEADING_MARK.match(line)
    return (mark.end() if mark else 0), len(line)


def _named(chapter: Chapter, start: int, end: int) -> tuple[Stretch, Stretch | None]:
    """A list item's option, and why it was not taken where the item stands under `Alternatives` and says so.

    A bold name that opens the item stands for the option, as in `**Postgres**: …`.
    """
    text = chapter.utterance.text
    bold = _BOLD_NAME.match(text, start, end)
    if chapter.role != "alternatives":
        return (bold.span(1) if bold else (start, end)), None
    if bold:
        return bold.span(1), ((bold.end(), end) if bold.end() < end else None)
    return split_option(text, start, end)


def _headed(chapters: Sequence[Chapter], position: int, chapter: Chapter) -> Iterator[Option]:
    """Options written as headings: below `Pros and Cons`, `Options` or `Alternatives`, or `Option 1: …`."""
    over = chapter.within[-1] if chapter.within else ""
    named = _OPTION_HEADING.match(chapter.heading) is not None
    if chapter.role or not (over in {"pros", "options", "alternatives"} or named):
        return
    if over == "alternatives" and _announces_reasons(_parent(chapters, position)):
        return
    start, end = _heading_words(chapter)
    line = chapter.utterance.text[:end]
    if not says_something(line[start:]) or names_no_option(line[start:]):
        return
    verdict = VERDICT.search(plain(line))
    word = verdict.group(1).casefold() if verdict else ""
    raw = re.search(
        r"\s*[-–—(:]+\s*[*_(]*(?:selected|chosen|accepted|rejected|discarded|declined)\b", line, re.IGNORECASE
    )
    end = raw.start() if raw else end
    arguments = tuple(_arguments(chapter, default=None)) + tuple(
        argument for inner in under(chapters, position) for argument in _arguments(inner, default=_side(inner.heading))
    )
    not_taken = over == "alternatives" or word in {"rejected", "discarded", "declined"}
    yield Option(chapter, (start, end), arguments, not_taken and word not in _TAKEN, word)


def _parent(chapters: Sequence[Chapter], position: int) -> Chapter:
    above = (chapters[at] for at in range(position - 1, -1, -1))
    return next(other for other in above if other.level < chapters[position].level)


def _side(heading: str) -> bool | None:
    """True when the arguments below a heading speak against, False when for, None when it does not say."""
    name = bare(heading)
    return True if _AGAINST.match(name) else False if _FOR.match(name) else None


def _arguments(chapter: Chapter, default: bool | None) -> Iterator[Argument]:
    side = default
    for block in chapter.blocks():
        if block.kind == "row":
            continue
        start, end = block.start_char, block.end_char
        label = _LABELLED.match(chapter.utterance.text, start, end)
        if label:
            side = not re.match(r"pro|adv|ben", label.group("label"), re.IGNORECASE)
            if label.end() < end:
                yield Argument(chapter, (label.end(), end), side)
        elif block.kind == "item":
            yield from _argument(chapter, start, end, default=side)
        else:
            side = default


def _argument(chapter: Chapter, start: int, end: int, *, default: bool | None) -> Iterator[Argument]:
    """A list item as an argument: its own `Bad, because …` decides, else its sign or the heading above."""
    match = _ARGUMENT.match(chapter.utterance.text, start, end)
    if match and match.end() < end:
        yield Argument(chapter, (match.end(), end), match.group("con") is not None)
    elif default is not None:
        yield Argument(chapter, (start, end), default)
