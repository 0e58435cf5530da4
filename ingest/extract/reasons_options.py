"""The options of a list that a choice was taken from: the others are its alternatives, with what is held against them.

Only a list counts that is offered as one: a line before it speaks of options and a question closes it, as agents ask
("Two options: … Which do you prefer?"), or its heads, under headings or in a table, name options and one of the two is
there. Of such options 26 of 35 are alternatives on the sessions labelled for training, 18 of 22 on those of two
readers; of the other items beside a choice in a list one in sixty is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.extract.propose_options import Listed, offers
from ingest.extract.reasons_clauses import Clause, Clauses, span_of
from ingest.records import Span
from ingest.text import overlap, span

_MOST_OPTIONS = 6
_QUESTION_CHARS = 300
"""The question stands so near behind the last option."""
_LAST_CHARS = 300
"""So far behind the head of the last option its words may go."""
_MARK_CHARS = 10
"""A choice may begin at its option's number or stars."""
_OFFERED = re.compile(
    r"\b(?:options?|approach(?:es)?|either|which|would you|do you want|prefer|alternatives?|want me|choices?|should we"
    r"|could|can)\b",
    re.IGNORECASE,
)
_NAME_ONLY = re.compile(r"(?:option|approach|solution)\s+\w{1,2}|\w", re.IGNORECASE)
_DRAWBACK = re.compile(r"cons?|drawbacks?|downsides?|disadvantages?|problem|risk", re.IGNORECASE)
_HELD_AGAINST = re.compile(
    r"\b(?:too|slow(?:er)?|overkill|expensive|brittle|fragile|hacky|complex|complicated|risk\w*|harder|breaks?|fails?|more"
    r" (?:work|code|complex)|can'?t|cannot|doesn'?t|won'?t|not|but|loses?|requires?|duplicat\w+|los[et])\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Option:
    """An option not taken, and the clause that speaks against it, if one does."""

    named: Span
    against: Span | None


def options_left(choice: Sequence[Span], clauses: Clauses) -> Iterator[Option]:
    """The options beside the one chosen, in their order."""
    for index in dict.fromkeys(one.utterance_index for one in choice):
        mine = [one for one in choice if one.utterance_index == index]
        found: list[Option] = []
        for items in _offered(index, clauses):
            chosen = [item for item in items if any(_is_in(one, item) for one in mine)]
            if len(chosen) == 1:
                found += (_option(item, clauses) for item in items if item is not chosen[0])
        for option in _headed(index, mine, clauses):
            if not any(overlap(option.named, one.named) for one in found):
                found.append(option)
        yield from found


def _headed(index: int, choice: Sequence[Span], clauses: Clauses) -> Iterator[Option]:
    """The options whose heads stand beside the one in whose head the choice lies, wherever their lines stand."""
    for options in offers(clauses.session.utterances[index].text):
        chosen = [one for one in options if any(_is_in_head(said, one) for said in choice)]
        if len(chosen) == 1 and len(options) <= _MOST_OPTIONS:
            stops = [*(one.head_char for one in options[1:]), options[-1].end_char + _LAST_CHARS]
            yield from (
                _told(one, stop, index, clauses)
                for one, stop in zip(options, stops, strict=True)
                if one is not chosen[0]
            )


def _is_in_head(said: Span, option: Listed) -> bool:
    return option.head_char - _MARK_CHARS <= said.start_char <= option.end_char


def _told(option: Listed, stop: int, index: int, clauses: Clauses) -> Option:
    """An option by its head, with what is held against it before the next one."""
    said = (one for sentence in clauses.of(index) for one in sentence if option.end_char <= one.start_char < stop)
    against = next((one for one in said if _speaks_against(one)), None)
    named = span(clauses.session.utterances[index], option.start_char, option.end_char)
    return Option(named, span_of(against, against, clauses.session) if against else None)


def _offered(index: int, clauses: Clauses) -> Iterator[list[list[Clause]]]:
    """The lists of options in an utterance; each option is its clauses."""
    lists: dict[tuple[int, str], list[list[Clause]]] = {}
    open_item: list[Clause] | None = None
    for sentence in clauses.of(index):
        line = sentence[0].line
        if line.list_at < 0:
            open_item = None
        elif line.is_head and line.item and not line.item.startswith(" "):
            open_item = []
            lists.setdefault((line.list_at, line.item), []).append(open_item)
        if open_item is not None:
            open_item.extend(sentence)
    yield from (items for items in lists.values() if _is_offer(items, clauses))


def _is_offer(items: list[list[Clause]], clauses: Clauses) -> bool:
    last = items[-1][-1]
    text = clauses.session.utterances[last.utterance_index].text
    is_asked = "?" in text[items[-1][0].end_char : last.end_char + _QUESTION_CHARS]
    return 2 <= len(items) <= _MOST_OPTIONS and is_asked and bool(_OFFERED.search(items[0][0].line.lead))


def _is_in(span: Span, item: Sequence[Clause]) -> bool:
    same = span.utterance_index == item[0].utterance_index
    return same and item[0].start_char - _MARK_CHARS <= span.start_char < item[-1].end_char


def _option(item: Sequence[Clause], clauses: Clauses) -> Option:
    named = next((one for one in item if not _NAME_ONLY.fullmatch(one.text)), item[0])
    rest = [one for one in item if one.start_char > named.start_char]
    against = next((one for one in rest if _speaks_against(one)), None)
    session = clauses.session
    return Option(span_of(named, named, session), span_of(against, against, session) if against else None)


def _speaks_against(clause: Clause) -> bool:
    if clause.label:
        return clause.place > 0 and bool(_DRAWBACK.fullmatch(clause.label))
    return bool(_HELD_AGAINST.search(clause.text)) and not clause.text.endswith("?")
