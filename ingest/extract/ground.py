"""Every part quotes its spans exactly, or is refused: always the last pass.

What is refused becomes a Rejected that counts for no unit: the words themselves are kept in the session.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ingest.records import Candidate, Draft, Part, Rejected, Session, Span


def ground(draft: Draft) -> Draft:
    """The draft with only what its utterances say: exact spans, one choice a candidate, no part twice.

    A part with a span that does not hold is dropped, and what speaks about it too; without its choice the whole
    candidate is. Confidence is brought into [0, 1].
    """
    kept: list[Candidate] = []
    rejected: list[Rejected] = []
    for candidate in draft.candidates:
        grounded, refused = _grounded(candidate, draft.session)
        rejected += refused
        if grounded is not None and grounded not in kept:
            kept.append(grounded)
    return replace(draft, candidates=tuple(kept), rejected=(*draft.rejected, *rejected))


def _grounded(candidate: Candidate, session: Session) -> tuple[Candidate | None, list[Rejected]]:
    faults = [_fault(part, session) for part in candidate.parts]
    refused = [
        _rejected(f"{part.kind}: {fault}", candidate, part)
        for part, fault in zip(candidate.parts, faults, strict=True)
        if fault is not None
    ]
    sound = [index for index, fault in enumerate(faults) if fault is None]
    sound = _without_orphans(candidate.parts, sound, refused, candidate)
    choices = [index for index in sound if candidate.parts[index].kind == "choice"]
    if len(choices) != 1 or not candidate.subject.strip():
        reason = "no subject" if len(choices) == 1 else f"{len(choices)} choices hold, one is needed"
        return None, [*refused, _rejected(reason, candidate, None)]
    parts = _renumbered(candidate.parts, sound)
    return replace(candidate, parts=parts, confidence=_in_range(candidate.confidence)), refused


def _fault(part: Part, session: Session) -> str | None:
    """What is wrong with the part's spans; None when each quotes its utterance exactly."""
    if not part.spans:
        return "it has no evidence"
    return next((fault for span in part.spans if (fault := _span_fault(span, session))), None)


def _span_fault(span: Span, session: Session) -> str | None:
    if not 0 <= span.utterance_index < len(session.utterances):
        return f"there is no utterance {span.utterance_index}"
    text = session.utterances[span.utterance_index].text
    if not 0 <= span.start_char < span.end_char <= len(text):
        return f"span {span.start_char}-{span.end_char} lies outside a text of {len(text)} characters"
    if text[span.start_char : span.end_char] != span.quote:
        return "the quote is not what the utterance says there"
    return None if span.quote.strip() else "the quote is blank"


def _without_orphans(
    parts: tuple[Part, ...], sound: list[int], refused: list[Rejected], candidate: Candidate
) -> list[int]:
    """The sound parts whose `about`, if any, is a sound part too: refusing one can orphan another."""
    while True:
        orphans = [index for index in sound if (about := parts[index].about) is not None and about not in sound]
        orphans += [index for index in sound if parts[index].about == index]
        if not orphans:
            return sound
        for index in dict.fromkeys(orphans):
            reason = f"{parts[index].kind}: it speaks about a part that does not hold"
            refused.append(_rejected(reason, candidate, parts[index]))
        sound = [index for index in sound if index not in orphans]


def _renumbered(parts: tuple[Part, ...], sound: list[int]) -> tuple[Part, ...]:
    """The sound parts, each once, with `about` pointing to their new positions."""
    places: dict[int, int] = {}
    seen: dict[Part, int] = {}
    out: list[Part] = []
    for index in _abouts_first(parts, sound):
        about = parts[index].about
        part = replace(parts[index], about=None if about is None else places[about])
        if part not in seen:
            seen[part] = len(out)
            out.append(part)
        places[index] = seen[part]
    return tuple(out)


def _abouts_first(parts: tuple[Part, ...], sound: list[int]) -> Iterator[int]:
    """The parts in order, those that others speak about before the others: then every `about` is known."""
    named = {parts[index].about for index in sound}
    yield from (index for index in sound if parts[index].about is None)
    yield from (index for index in sound if parts[index].about is not None and index in named)
    yield from (index for index in sound if parts[index].about is not None and index not in named)


def _in_range(confidence: float) -> float:
    return min(1.0, max(0.0, confidence)) if math.isfinite(confidence) else 0.0


def _rejected(reason: str, candidate: Candidate, part: Part | None) -> Rejected:
    spans = part.spans if part else next((one.spans for one in candidate.parts if one.kind == "choice"), ())
    where = f"utterance {spans[0].utterance_index}" if spans else "nowhere"
    quote = spans[0].quote if spans else ""
    return Rejected(f"{reason} ({candidate.extractor})", where, quote or candidate.subject, units=0)
