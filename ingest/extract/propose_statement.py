"""A sentence that the learned judges take for a decision, without a phrase that announces one, becomes a candidate.

Its choice is the sentence itself, without list marks, opening words and the reason it ends with.
"""

from __future__ import annotations

import re

from ingest.extract.because import CLAUSE_OF_REASON
from ingest.extract.cues_phrases import DEFERRING
from ingest.extract.propose_subject import subject
from ingest.extract.propose_turns import Reply, replies
from ingest.extract.propose_words import OPENING, content_words, is_pronoun
from ingest.records import Candidate, Part, Person, PersonRole, Session, Span, Statement, Status, Utterance
from ingest.text import span

EXTRACTOR = "detector/1"
_MARK = re.compile(r"[\s>]*(?:#+\s+|(?:[-*+•]|\d{1,3}[.)])\s+)?(?P<bold>\*\*|__|[\"“])?\s*")
_REASON = re.compile(
    r",? (?:because|since|so that|as otherwise|otherwise|due to|in order to|to avoid)\b", re.IGNORECASE
)
_DECLINES = re.compile(
    r"\b(?:(?:won['’]?t|will not|would not|wouldn['’]?t|not going to|not gonna|let['’]s not|(?:do not|don['’]?t) want"
    r"|(?:rather|better) not|should not|shouldn['’]?t|we['’]re not|we never|is out of the question) )"
    r"|^(?:(?:i|we) )?(?:(?:really|honestly|also|just) )*(?:do not|don['’]?t) (?:really )?think ",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:maybe|perhaps|possibly|not sure|i (?:would|['’]d) (?:suggest|propose)|i (?:suggest|propose|wonder)"
    r"|(?:we|i|you) (?:could|might)|what about|how about|consider \w+ing|suppose|assuming)\b|^(?:if|unless)\b",
    re.IGNORECASE,
)
_ADVISES = re.compile(
    r"\bi(?:['’]d| would)? (?:recommend|suggest|propose|lean)\b|\brecommend(?:ation|ed)\b|\bsuggestion:", re.IGNORECASE
)
"""An agent's advice is a proposal until a person takes it up."""
_PUT_OFF = re.compile(rf"\b(?:let['’]?s|we(?:['’]ll| will| should)?|i(?:['’]ll| will)?) {DEFERRING}\b", re.IGNORECASE)
_SHORTEST = 12


def statement_candidate(session: Session, statement: Statement) -> Candidate | None:
    """The candidate of a sentence; None where nothing that can be chosen is left of it."""
    utterance = session.utterances[statement.span.utterance_index]
    said = _said(utterance, statement.span)
    about = subject(said.quote, whole=said.quote)
    if len(said.quote) < _SHORTEST or is_pronoun(about) or not content_words(about):
        return None
    answers = () if session.kind == "agent_session" else replies(session.utterances, utterance.index)
    is_advice = utterance.role == "assistant" and bool(_ADVISES.search(said.quote))
    status = "proposed" if is_advice else _status(said, answers)
    objections = tuple(Part("objection", (one.said,)) for one in answers if one.answer == "objects")
    return Candidate(
        subject=about,
        status=status,
        authority="extracted",
        confidence=statement.confidence,
        parts=(Part("choice", (said,)), *objections),
        extractor=EXTRACTOR,
        people=_people(utterance, answers, status),
        decided_at=utterance.said_at,
    )


def _said(utterance: Utterance, sentence: Span) -> Span:
    """The sentence without what opens it and without the reason behind it."""
    text, start, end = utterance.text, sentence.start_char, sentence.end_char
    if mark := _MARK.match(text, start, end):
        is_open = mark["bold"] is not None and "**" in text[mark.end() : end].rstrip("*_ .:")  # "**Fix:** keep …"
        start = mark.start("bold") if is_open else mark.end()
    if (opening := OPENING.match(text, start, end)) and end - opening.end() > _SHORTEST:
        start = opening.end()
    for pattern in (_REASON, CLAUSE_OF_REASON):
        if (reason := pattern.search(text, min(end, start + _SHORTEST), end)) is not None:
            end = reason.start()
    stretch = text[start:end].rstrip(" ,;:\n\t*_")
    return span(utterance, start, start + len(stretch))


def _status(said: Span, answers: tuple[Reply, ...]) -> Status:
    """Open where it asks, wavers, depends or is put off, or where somebody objects, unless somebody agrees."""
    agreed = any(one.answer == "agrees" for one in answers)
    is_open = said.quote.rstrip(" \"”'*").endswith("?") or bool(_OPEN.search(said.quote))
    is_opposed = any(one.answer == "objects" for one in answers)
    if _PUT_OFF.search(said.quote) or ((is_open or is_opposed) and not agreed):
        return "proposed"
    return "declined" if _DECLINES.search(said.quote[:60]) else "accepted"


def _people(utterance: Utterance, answers: tuple[Reply, ...], status: Status) -> tuple[Person, ...]:
    role: PersonRole = "proposed" if status == "proposed" else "decided"
    roles: list[tuple[str | None, PersonRole]] = [(utterance.speaker, role)]
    roles += [
        (one.speaker, "agreed" if one.answer == "agrees" else "objected") for one in answers if one.answer != "nods"
    ]
    return tuple(dict.fromkeys(Person(name, role) for name, role in roles if name))
