"""Part of the decision-record reader: the options considered, which one was taken, and what spoke against the others.

An option is an alternative only where it is certain that it is not the one chosen: the chosen option must match
exactly one of those listed, or the heading must say `alternatives` (or `rejected`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.markdown import plain
from ingest.prose import Stretch, split_option, whole_sentences
from ingest.readers.decision_record_outline import Chapter, bare, says_something, under

_LABEL = re.compile(
    r"^((?:option|alternative|approach|solution|proposal)\s*\(?(?:\d+|[a-z])\)?)(?:\s*[:.)–—-]+\s*|\s*$)", re.I
)
_OPTION_HEADING = re.compile(
    r"^(?:option|alternative|approach)\s*\(?(?:\d+|[a-z])\)?(?:\s*[:.)–—-]|\s|$)", re.IGNORECASE
)
_VERDICT = re.compile(r"\s*[-–—(:]+\s*\(?(selected|chosen|accepted|rejected|discarded|declined)\b.*$", re.IGNORECASE)
_TAKEN = frozenset({"selected", "chosen", "accepted"})
_ARGUMENT = re.compile(
    r"[*_]{0,2}(?:(?P<con>bad|con|cons|negative|disadvantages?|-)|(?P<pro>good|pro|pros|positive|advantages?|\+))[*_]{0,2}\s*"
    r"(?:[,:][*_]{0,2}\s*(?:because\s+(?:of\s+)?)?|\s+because\s+(?:of\s+)?)",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"^(?:cons?|disadvantages?|drawbacks?|weaknesses|negatives?|rejected because|why not)$", re.IGNORECASE
)
_FOR = re.compile(r"^(?:pros?|advantages?|benefits?|strengths|positives?)$", re.IGNORECASE)
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
_WORD = re.compile(r"\w+")
SAME_WORDS = 0.75
"""Share of common words from which two option names are taken for one, when no other name shares as many."""


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


def unique_match(name: str, among: Sequence[str]) -> int | None:
    """Position of the one name that means the same: equal, else contained, else by most of its words."""
    wanted = _key(name)
    keys = [_key(other) for other in among]
    tests = (
        lambda key: key == wanted,
        lambda key: _label(key) != "" and _label(key) == _label(wanted),
        lambda key: _contains(key, wanted) or _contains(wanted, _unlabelled(key)),
        lambda key: _contains(wanted, _label(key)),
        lambda key: _common(key, wanted) >= SAME_WORDS,
    )
    for test in tests:
        found = [position for position, key in enumerate(keys) if key and test(key)]
        if found:
            return found[0] if len(found) == 1 else _longest(found, keys, wanted)
    return None


def _longest(found: Sequence[int], keys: Sequence[str], wanted: str) -> int | None:
    """Among several names inside the wanted one, the one that contains all the others; else None."""
    best = max(found, key=lambda position: len(keys[position]))
    inside = all(_unlabelled(keys[position]) in keys[best] for position in found)
    return best if inside and _unlabelled(keys[best]) in wanted else None


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    words = _VERDICT.sub("", plain(name)).casefold()
    return " ".join(re.sub(r"[\"'“”‘’()]", " ", words).split()).strip(" .,:;-–")


def _label(key: str) -> str:
    match = _LABEL.match(key)
    return " ".join(match.group(1).split()) if match else ""


def _unlabelled(key: str) -> str:
    match = _LABEL.match(key)
    return key[match.end() :] if match else key


def _contains(whole: str, part: str) -> bool:
    return len(part) >= 3 and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", whole) is not None


def _common(one: str, other: str) -> float:
    a, b = set(_WORD.findall(one)), set(_WORD.findall(other))
    return len(a & b) / len(a | b) if a and b else 0.0


def _listed(chapters: Sequence[Chapter], position: int, chapter: Chapter) -> Iterator[Option]:
    """Options written as a list under `Considered Options` or `Alternatives`."""
    if chapter.role not in {"options", "alternatives"}:
        return
    named = any(inner.level == chapter.level + 1 for inner in under(chapters, position))
    found = [block for block in chapter.blocks() if block.kind == "item"]
    outer = min((block.indent for block in found), default=0)
    if named and not found:
        return
    for place, block in enumerate(found):
        if block.indent > outer:
            continue
        inner = found[place + 1 :]
        below = next((offset for offset, other in enumerate(inner) if other.indent <= outer), len(inner))
        arguments = [
            argument
            for other in inner[:below]
            for argument in _argument(chapter, other.start_char, other.end_char, default=None)
        ]
        name, reason = _named(chapter, block.start_char, block.end_char)
        if reason is not None:
            arguments.append(Argument(chapter, reason, against=True))
        yield Option(chapter, name, tuple(arguments), chapter.role == "alternatives")
    if not found and not named and chapter.role == "alternatives":
        yield from _paragraph_options(chapter)


def _paragraph_options(chapter: Chapter) -> Iterator[Option]:
    """Alternatives told in prose: each paragraph's first sentence names one, the others of it say why not."""
    text = chapter.utterance.text
    for block in chapter.blocks():
        if block.kind == "paragraph" and _NAMES_OPTION.search(text, block.start_char, block.end_char):
            cut = list(whole_sentences(text, block.start_char, block.end_char))
            rest = (Argument(chapter, (cut[1][0], cut[-1][1]), against=True),) if len(cut) > 1 else ()
            yield Option(chapter, cut[0], rest, is_alternative=True)


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
    text = chapter.utterance.text
    line = text[: chapter.body_char].rstrip().rstrip("#=-\n ").split("\n")[0]
    start = len(line) - len(line.lstrip("# \t"))
    if not says_something(line[start:]):
        return
    verdict = _VERDICT.search(plain(line))
    word = verdict.group(1).casefold() if verdict else ""
    raw = re.search(
        r"\s*[-–—(:]+\s*[*_(]*(?:selected|chosen|accepted|rejected|discarded|declined)\b", line, re.IGNORECASE
    )
    end = raw.start() if raw else len(line)
    arguments = tuple(_arguments(chapter, default=None)) + tuple(
        argument for inner in under(chapters, position) for argument in _arguments(inner, default=_side(inner.heading))
    )
    not_taken = over == "alternatives" or word in {"rejected", "discarded", "declined"}
    yield Option(chapter, (start, end), arguments, not_taken and word not in _TAKEN, word)


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
