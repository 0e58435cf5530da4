"""Options that an agent lists under a letter or a number, and the person's few words that pick among them.

"B", "let's try 2", "yes, apply #1 and #3" say nothing by themselves: the list does. Of 24 such answers in the labelled
sessions, to a list that asks for one, readers took 19 for decisions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.records import Session, Span, Utterance
from ingest.text import sentences, span

_LONGEST_TEXT_CHARS = 30_000
_LEAD_CHARS = 200
_MOST_PICKED = 2
"""Who names more ("do 1, 2 and 5") hands out work: none of 8 such options was a decision to the readers."""
BACK_UTTERANCES = 40
"""So far before an answer what it answers is looked for."""
_HEAD = re.compile(
    r"^[ \t]{0,3}(?:#{1,5}[ ]+|\|[ ]*|[-*][ ]+)?(?:\*\*)?\(?"
    r"(?P<word>(?:option|approach|alternative|solution|choice)[ ]+)?"
    r"(?P<name>[A-Ha-h]|\d{1,2})(?:[ ]\([^)\n]{1,40}\))?(?:[.):]|\*\*|[ ]+[-–—](?=[ ])|[ ]*\|)(?P<rest>[^\n]{3,400})",
    re.IGNORECASE | re.MULTILINE,
)
_WORDS = re.compile(r"(?:[^\w`\"'/.]|recommended\b)*(?P<what>[\w`\"'/.][^|]*)", re.IGNORECASE)
_END = re.compile(r"(?<=\w{3})[.!?]\**(?:\s|$)|\*\*|\s[—–-]\s|:\s|\s\||$")
_ASKS = re.compile(
    r"\?|\b(?:prefer(?:ence)?|thoughts|recommend|lean(?:ing)?|let me know|up to you|do you want|would you)\b",
    re.IGNORECASE,
)
_OFFERS = re.compile(r"\b(?:options?|approach(?:es)?|alternatives?|choices?|ways|either|which|prefer)\b", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:\W*\b(?:yes|yep|yup|yeah|ok|okay|sure|great|perfect|right|good|hm+|i think|i'?d say|i(?:'?d)? (?:like|prefer)"
    r"|let'?s|please|can you|do|(?:go|proceed|continue|(?:go|move) (?:ahead|forward)) with|go for|use|take|pick"
    r"|choose|try|start with|apply|implement|option|number"
    r"|approach)\b(?!['’]))*[\s.,…:!#(-]*",
    re.IGNORECASE,
)
_NAME = r"\b(?:\d{1,2}\b|[A-H]\b|[b-h]\b|a(?=\)))"
_NAMES = re.compile(
    rf"(?P<first>{_NAME})\)?(?P<more>(?:(?:,| and| &|, and| \+)[ ]?#?(?:{_NAME})\)?)*)"
    r"(?=\W*$|[ ]*[.,;!—–:=\n-]|[ ](?:then|and|please|but|is|sounds|seems|looks|first|for now)\b)",
)
_MORE = re.compile(_NAME)
_ADDRESS = re.compile(r"/\S+")
_QUERY = re.compile(r"\?(?=[A-Za-z0-9_%&=])")
_SAYS_OPTION = re.compile(r"\boption\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listed:
    """An option of a list: its letter or number, and `[start_char, end_char)` of the words that say what it is."""

    name: str
    head_char: int
    """Where its line begins."""
    start_char: int
    end_char: int
    is_named: bool
    """Whether it calls itself an option, or goes by a letter."""


def offers(text: str) -> list[tuple[Listed, ...]]:
    """The lists in a text that are offered for a choice: options in their order, two at least."""
    told = _without_queries(text)
    return [one for one in _option_lists(told) if _is_offer(told, one)]


def questions(text: str) -> dict[str, tuple[int, int]]:
    """`[start, end)` of each question that a text asks under a letter or a number; of its last list of such."""
    told = _without_queries(text)
    asking = [one for one in _lists(told[:_LONGEST_TEXT_CHARS]) if _is_asking(told, one)]
    found: dict[str, tuple[int, int]] = {}
    for option, (start, end) in _stretches(told, asking[-1] if asking else ()):
        words = told[start:end]
        cut = next(((first, last) for first, last in sentences(words) if "?" in words[first:last]), None)
        if cut is not None:
            found[option.name] = (start + cut[0], start + words.index("?", cut[0]) + 1)
    return found


def picked(session: Session, said: Span) -> Iterator[tuple[Span, Utterance]]:
    """The words of each option that an answer names, in the list the agent asked with just before.

    An "option B" may also lie farther back, in a list that names its items options.
    """
    names = named(said.quote)
    if not names:
        return
    is_option = bool(_SAYS_OPTION.search(said.quote))
    for utterance in before(session, said.utterance_index, is_past_persons=is_option):
        told = _without_queries(utterance.text)
        fitting = [one for one in _option_lists(told) if _fits(told, one, names, is_option=is_option)]
        if fitting:
            options = (one for one in fitting[-1] if one.name in names)
            yield from ((span(utterance, one.start_char, one.end_char), utterance) for one in options)
            return


def before(session: Session, index: int, *, is_past_persons: bool = False) -> Iterator[Utterance]:
    """What the agent said just before an utterance, the last first; back to a person's words, or on past them."""
    for utterance in reversed(session.utterances[max(0, index - BACK_UTTERANCES) : index]):
        if utterance.role == "person" and not is_past_persons:
            return
        if utterance.role == "assistant":
            yield utterance


def named(answer: str) -> tuple[str, ...]:
    """The letters or numbers that an answer opens with, in small letters; none where it is a list of things to do."""
    opening = _OPENING.match(answer)
    found = _NAMES.match(answer, opening.end() if opening else 0)
    names = (found["first"], *_MORE.findall(found["more"])) if found else ()
    return tuple(dict.fromkeys(one.lower() for one in names)) if len(names) <= _MOST_PICKED else ()


def _without_queries(text: str) -> str:
    """The text with `&` for question marks inside addresses ("/items?page=2"), which ask nothing; of the same length.

    One at an address's end is left, since it may ask.
    """
    return _ADDRESS.sub(lambda found: _QUERY.sub("&", found[0]), text)


def _option_lists(text: str) -> list[tuple[Listed, ...]]:
    """The lists in a text whose items are options, not questions."""
    return [one for one in _lists(text[:_LONGEST_TEXT_CHARS]) if not _is_asking(text, one)]


def _fits(text: str, options: Sequence[Listed], names: Sequence[str], *, is_option: bool) -> bool:
    """Whether a list has all these names and asks for one, or calls its items options as the answer does."""
    is_asked = _ASKS.search(text, max(0, options[0].head_char - _LEAD_CHARS))
    is_fit = options[0].is_named if is_option else bool(is_asked)
    return is_fit and set(names) <= {one.name for one in options}


def _is_offer(text: str, options: Sequence[Listed]) -> bool:
    """Whether a list speaks of options before it and asks after it; one of those is enough where it names them so."""
    first, last = options[0], options[-1]
    is_asked = "?" in text[last.end_char : last.end_char + 2 * _LEAD_CHARS]
    is_told = bool(_OFFERS.search(text, max(0, first.head_char - _LEAD_CHARS), first.start_char))
    return (is_asked or is_told) if first.is_named else (is_asked and is_told)


def _is_asking(text: str, options: Sequence[Listed]) -> bool:
    """Whether half of a list's items and more ask something: then it is a list of questions, not of options."""
    asking = sum("?" in text[first:last] for _, (first, last) in _stretches(text, options))
    return 2 * asking >= len(options)


def _stretches(text: str, options: Sequence[Listed]) -> Iterator[tuple[Listed, tuple[int, int]]]:
    """Each item with `[start, end)` of its words up to the next; the last one has no more lines than the longest."""
    lines = 1
    for one, other in pairwise(options):
        lines = max(lines, text[one.start_char : other.head_char].rstrip().count("\n") + 1)
        yield one, (one.start_char, other.head_char)
    if options:
        last = options[-1]
        paragraph = text[last.start_char :].split("\n\n", 1)[0]
        words = "\n".join(paragraph.split("\n", lines)[:lines])
        yield last, (last.start_char, last.start_char + len(words))


def _lists(text: str) -> list[tuple[Listed, ...]]:
    """Runs of lines that open with the next letter or number each, from the first on."""
    found = list(_listed(text))
    lists: list[tuple[Listed, ...]] = []
    for is_named in (True, False):
        alike = [one for one in found if one.is_named == is_named]
        starts = [at for at, one in enumerate(alike) if one.name in ("a", "1")]
        for first, stop in pairwise([*starts, len(alike)]):
            run = [alike[first]]
            for one in alike[first + 1 : stop]:
                if one.name == _next(run[-1].name):
                    run.append(one)
            lists += [tuple(run)] if len(run) > 1 else []
    return sorted(lists, key=lambda run: run[0].head_char)


def _next(name: str) -> str:
    return str(int(name) + 1) if name.isdigit() else chr(ord(name) + 1)


def _listed(text: str) -> Iterator[Listed]:
    for head in _HEAD.finditer(text):
        words = _WORDS.match(text, head.start("rest"), head.end())
        if words is not None:
            start, stop = words.span("what")
            end = _END.search(text, start + 1, stop)
            last = start + len(text[start : end.start() if end else stop].rstrip(" *_|:"))
            is_named = bool(head["word"]) or head["name"].isalpha()
            yield Listed(head["name"].lower(), head.start(), start, max(last, start + 1), is_named)
