"""Decisions under headings or labels in a description or a comment of a code review.

Headings (`## Decision`, `## Rationale`, `## Why`, `## Alternatives considered`, `## Constraints`, `## Consequences`)
and labels that open a line (`Decision: …`, `**Why:** …`). A comment states a decision only with a Decision; a
description with a reason or alternatives but no Decision states the change itself: its choice is the title.

States nothing: a Decision that is undecided, a prompt of the template or a question (then no title stands in for it);
parts that say nothing (`None`, `N/A`, `_Describe…_`). The option that was chosen is no alternative to itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.blanks import is_prompt, is_undecided, says_nothing
from ingest.discussions import Remark
from ingest.markdown import Block, blocks, plain, sections, words_only
from ingest.prose import Stretch, gives_reason, grouped, split_option, split_reason, statement, whole_sentences
from ingest.records import Part, PartKind, Utterance
from ingest.text import span

_HEADINGS: tuple[tuple[PartKind, str], ...] = (
    ("choice", r"(?:the |our |final )?decisions?(?: outcome| made)?"),
    ("rationale", r"(?:rationale|why|reason(?:s|ing)?|motivation|justification)(?: for (?:this|the) change)?\??"),
    ("alternative", r"(?:considered |rejected |other )?alternatives?(?: (?:considered|rejected))?"),
    ("constraint", r"constraints?|decision drivers?"),
    ("consequence", r"consequences?|trade-?offs?"),
)
_LABEL = re.compile(
    r"^[ \t]*(?:[-*+][ \t]+)?[*_]{0,2}(?P<label>decision|rationale|why|reason|alternatives?(?: considered)?"
    r"|constraints?|consequences?|trade-?offs?)[*_]{0,2}:[*_]{0,2}[ \t]+(?=\S)",
    re.IGNORECASE | re.MULTILINE,
)
_CHOSEN = re.compile(
    r"(?<!not )(?<!n['’]t )\b(?:chosen|selected|picked|our choice|we (?:chose|picked|use|took) this)\b"
    r"|\((?:this (?:pr|change|pull request)|accepted)\)|✅|☑|✔|\[x\]",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"(?:\b|(?=n['’]t))(?P<turn>instead of|rather than|in place of|as opposed to|unlike|not|no|never|without"
    r"|versus|vs|against|from|n['’]t)\b",
    re.IGNORECASE,
)
"""From here on a choice names what was not taken."""
_TAKES_OVER = re.compile(
    r"\b(?:chose|choose|chosen|pick(?:ed)?|prefer(?:red)?|favou?r(?:ed)?|select(?:ed)?)\b.{1,80}?\b(?P<turn>over)\b",
    re.IGNORECASE,
)
_SMALL_WORDS = frozenset(
    "a an the we i our it this that is are be will shall should would to in on of for with and or by as at use uses"
    " using used keep go going adopt choose chose pick have just only".split()
)


@dataclass(frozen=True, slots=True)
class _Stretch:
    kind: PartKind
    start: int
    end: int


def section_parts(remark: Remark, title: Remark | None = None) -> tuple[Part, ...]:
    """The parts that an utterance's headings and labels state; the choice first, or nothing at all.

    With `title`, a text that gives a reason or an alternative without a Decision has the title as its choice.
    """
    utterance = remark.utterance
    prose = words_only(utterance.text)
    found = list(_stretches(utterance.text, prose))
    parts: list[Part] = []
    has_decision = any(stretch.kind == "choice" for stretch in found)
    for stretch in found:
        if stretch.kind == "choice" and not parts:
            parts.extend(_choice(utterance, prose, stretch))
    if not found or (has_decision and not parts):
        return ()
    if not has_decision:
        if title is None or not {"rationale", "alternative"} & {stretch.kind for stretch in found}:
            return ()
        parts.append(Part("choice", (span(title.utterance, 0, len(title.utterance.text)),)))
    for stretch in found:
        if stretch.kind != "choice":
            _add(parts, utterance, prose, stretch)
    return tuple(parts) if has_decision or any(part.kind in {"rationale", "alternative"} for part in parts) else ()


def _stretches(text: str, prose: str) -> Iterator[_Stretch]:
    """Every stretch that a heading or label names, with the heading's own deeper sections."""
    marks: list[tuple[int, int, PartKind | None, int]] = []
    for section in sections(text):
        kind = _kind(section.heading)
        marks.append((section.start_char, section.body_char, kind, section.level))
    for label in _LABEL.finditer(prose):
        marks.append((label.start(), label.end(), _kind(label.group("label")), 7))
    marks.sort()
    for place, (_, start, kind, level) in enumerate(marks):
        if kind is None:
            continue
        later = (marks[at] for at in range(place + 1, len(marks)))
        end = next((begin for begin, _, other, depth in later if depth <= level or other is not None), len(text))
        if level == 7:
            blank = prose.find("\n\n", start, end)
            end = blank if blank >= 0 and not _is_list(prose, blank) else end
        if prose[start:end].strip():
            yield _Stretch(kind, start, end)


def _is_list(prose: str, blank: int) -> bool:
    return re.match(r"\s*[-*+] ", prose[blank : blank + 80]) is not None


def _kind(heading: str) -> PartKind | None:
    name = plain(heading).strip(" :").casefold()
    name = re.sub(r"^[^\w]+", "", name)
    return next((kind for kind, pattern in _HEADINGS if re.fullmatch(pattern, name)), None)


def _choice(utterance: Utterance, prose: str, stretch: _Stretch) -> Iterator[Part]:
    """The choice and its reasons; nothing where any sentence of the stretch says that it is not decided."""
    found = blocks(prose, stretch.start, stretch.end)
    told = [
        sentence
        for block in found
        if block.kind != "row" and not is_prompt(prose[block.start_char : block.end_char])
        for sentence in whole_sentences(prose, block.start_char, block.end_char)
    ]
    if any(is_undecided(prose[slice(*sentence)]) for sentence in told):
        return
    shift = stretch.start
    stated = statement(_without_prompts(prose, found, stretch), 0, stretch.end - shift)
    stated = (stated[0] + shift, stated[1] + shift) if stated else None
    if stated is None or says_nothing(prose[slice(*stated)]) or prose[slice(*stated)].rstrip(" *_)").endswith("?"):
        return
    claim, reasons = split_reason(utterance.text, *stated)
    later = (sentence for sentence in told if sentence[0] >= stated[1] and gives_reason(prose[slice(*sentence)]))
    yield Part("choice", (span(utterance, *claim),))
    for reason in (*reasons, *later):
        yield Part("rationale", (span(utterance, *reason),))


def _without_prompts(prose: str, found: Sequence[Block], stretch: _Stretch) -> str:
    """The stretch alone, with the prompts of a template as blanks."""
    kept, end = [], stretch.start
    for block in found:
        if is_prompt(prose[block.start_char : block.end_char]):
            kept.append(prose[end : block.start_char])
            kept.append(re.sub(r"[^\n]", " ", prose[block.start_char : block.end_char]))
            end = block.end_char
    return "".join((*kept, prose[end : stretch.end]))


def _add(parts: list[Part], utterance: Utterance, prose: str, stretch: _Stretch) -> None:
    found = [block for block in blocks(prose, stretch.start, stretch.end) if _speaks(prose, block)]
    if stretch.kind == "alternative":
        for block in found:
            if block.kind == "item" or all(other.kind != "item" for other in found):
                _alternative(parts, utterance, (block.start_char, block.end_char))
    else:
        for start, end in grouped(utterance.text, found):
            parts.append(Part(stretch.kind, (span(utterance, start, end),)))


def _speaks(prose: str, block: Block) -> bool:
    return block.kind != "row" and not says_nothing(prose[block.start_char : block.end_char])


def _is_chosen(name: str, said: str, choice: str) -> bool:
    """Whether an option is the chosen one: it is marked so, or its words are the choice's before any contrast.

    `RabbitMQ` is none of `Kafka instead of RabbitMQ`; `Kafka` is.
    """
    if _CHOSEN.search(said):
        return True
    contrast = _CONTRAST.search(choice) or _TAKES_OVER.search(choice)
    option, taken = _telling(name), _telling(choice[: contrast.start("turn")] if contrast else choice)
    return bool(option and taken) and (option <= taken or taken <= option)


def _telling(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+(?:[_.+#-]+[^\W_]+)*", text.casefold())) - _SMALL_WORDS


def _alternative(parts: list[Part], utterance: Utterance, stretch: Stretch) -> None:
    name, reason = split_option(utterance.text, *stretch)
    if _is_chosen(utterance.text[slice(*name)], utterance.text[slice(*stretch)], parts[0].spans[0].quote):
        return
    parts.append(Part("alternative", (span(utterance, *name),)))
    if reason is not None and not says_nothing(utterance.text[slice(*reason)]):
        parts.append(Part("rationale", (span(utterance, *reason),), about=len(parts) - 1))
