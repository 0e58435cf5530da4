"""Why, over what and under which limits: rationale, alternatives and constraints of what was found in talk.

Every part is the clause that says it, around the choice or a restatement of it. Phrases that announce a part come
first (`reasons_rules`, `reasons_options`), then the clauses that a model takes for a reason (`reasons_model`). Stated
candidates have theirs from their source's structure and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from ingest.extract.reasons_clauses import Clauses
from ingest.extract.reasons_model import Reasons, bundled
from ingest.extract.reasons_options import Option, options_left
from ingest.extract.reasons_rules import Around, against, alternatives, around, constraints, rationales
from ingest.records import Candidate, Draft, Part, Span
from ingest.text import overlap

_MOST_OF_A_KIND = 2
_MOST_OPTIONS = 4
_BROKEN_OFF = re.compile(r"\b(?:because|since|for|that|the|an?|of|to|is|are|at|been|and|so|i)$", re.IGNORECASE)
"""A reason ends so where a caption or a line cuts it: what is left says nothing."""


def reasons(draft: Draft) -> Draft:
    """The draft with rationale, alternatives and constraints added to each extracted candidate."""
    is_found = any(candidate.authority == "extracted" for candidate in draft.candidates)
    if not is_found or draft.session.kind == "commit":  # a commit's reader tells its reasons
        return draft
    finder = Reasons(Clauses(draft.session), bundled())
    return replace(
        draft,
        candidates=tuple(
            explained(candidate, finder) if candidate.authority == "extracted" else candidate
            for candidate in draft.candidates
        ),
    )


def explained(candidate: Candidate, finder: Reasons) -> Candidate:
    """The candidate with the parts that its session gives for its choice."""
    choice = next((part for part in candidate.parts if part.kind == "choice"), None)
    if choice is None:
        return candidate
    session = finder.clauses.session
    near = [around(one, session) for one in choice.spans]
    phrased = [found for one in near for found in rationales(one, session) if _is_whole(found, choice.spans)]
    options = _options(near, finder.clauses)
    taken = [one for part in candidate.parts if part.kind != "choice" for one in part.spans]
    taken += (*_few(phrased), *(option.named for option in options))
    whys: list[Span | None] = []
    for option in options:
        why = option.against or next(against(option.named, near[0], taken), None)
        whys.append(why)
        if why is not None:
            taken.append(why)
    is_told = bool(phrased) and session.utterances[choice.spans[0].utterance_index].role == "document"
    heard = () if is_told else _judged(near, finder)  # learned from talk: a text that says why has said it
    judged = (one for one in heard if not any(overlap(one, why) for why in whys if why))
    parts = [*candidate.parts, *(Part("rationale", (one,)) for one in _few(chain(phrased, judged)))]
    for option, why in zip(options, whys, strict=True):
        parts.append(Part("alternative", (option.named,)))
        if why is not None:
            parts.append(Part("rationale", (why,), about=len(parts) - 1))
    parts += (Part("constraint", (one,)) for one in _few(constraints(near[0], parts, session)))
    return replace(candidate, parts=tuple(parts))


def _judged(near: Sequence[Around], finder: Reasons) -> Iterator[Span]:
    """What the model takes for a reason and no phrase takes for a limit."""
    choice = [one.choice for one in near]
    limits = [found for one in near for found in constraints(one, (), finder.clauses.session)]
    for found in finder.of(choice):
        if _is_whole(found, choice) and not any(overlap(found, one) for one in limits):
            yield found


def _is_whole(found: Span, choice: Sequence[Span]) -> bool:
    return not _BROKEN_OFF.search(found.quote) and not any(_holds(found, one) for one in choice)


def _holds(found: Span, choice: Span) -> bool:
    """Whether the choice lies in the found words: it is not its own reason."""
    same = found.utterance_index == choice.utterance_index
    return same and found.start_char <= choice.start_char and choice.end_char <= found.end_char


def _options(near: Sequence[Around], clauses: Clauses) -> list[Option]:
    found = list(options_left([one.choice for one in near], clauses))[:_MOST_OPTIONS]
    said = (_few(alternatives(one, clauses.session)) for one in near)
    first = next(filter(None, said), [])  # what a restatement is set against says the same again
    phrased = [one for one in first if not any(overlap(one, option.named) for option in found)]
    return [*found, *(Option(one, None) for one in phrased)]


def _few(found: Iterable[Span]) -> list[Span]:
    """The first two, none inside another."""
    kept: list[Span] = []
    for one in found:
        if one.quote.strip() and not any(overlap(one, other) for other in kept):
            kept.append(one)
        if len(kept) == _MOST_OF_A_KIND:
            break
    return kept
