"""Cues and likely statements, with the turns around them, become candidates: choice, subject, people, a confidence.

What a cue announces has a score in [0, 1]: the cue's weight, moved by how the others answer, whether a reason is given
and how concrete the object is. Few of these are kept: three for ten minutes of talk. What is put off ("let's postpone
the migration") is kept as proposed: it is open still. A sentence that the judges of `detect` take for a decision
without such a cue has their calibrated confidence; below `DELIVERED` it waits for a person's review, as a question does
whatever its confidence: of the likeliest 50 that no reader had marked, 13 asked something.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.extract.because import CLAUSE_OF_REASON
from ingest.extract.propose_back import is_taken_back
from ingest.extract.propose_choice import Choice, choices_of, names_of, nodded
from ingest.extract.propose_merge import merged, place, roles
from ingest.extract.propose_statement import statement_candidate
from ingest.extract.propose_steps import is_nod, is_step
from ingest.extract.propose_subject import headline
from ingest.extract.propose_turns import Reply, replies
from ingest.extract.propose_words import content_words
from ingest.records import (
    Candidate,
    Cue,
    Draft,
    Part,
    Person,
    PersonRole,
    Session,
    Span,
    Statement,
    Status,
    Utterance,
)
from ingest.text import overlap

EXTRACTOR = "cues/1"
THRESHOLD = 0.55
"""Set on real project calls, agent sessions and the development part of AMI and ICSI (bench/extract.py)."""
DELIVERED = 0.65
"""From here on some eight of ten state a decision by readers; chosen on the same sessions (bench/extract.py)."""
_SUREST = 0.95
"""A score from talk is never certainty: only a source's own structure or a person's word has 1.0."""
_PER_TEN_MINUTES = 3
_WORDS_A_MINUTE = 150
_OFFERS = frozenset({"suggested", "asked", "preferred", "stated", "opposed"})
_ONLY_AGREED = frozenset({"asked", "stated", "opposed"})
"""Without somebody's agreement these are a question, a description and an opinion."""
_NOT_ALONE = frozenset({"agent_session", "issue"})
"""Kinds of sessions where a phrase alone is not enough: to an agent it hands out work as often as it chooses."""
_HEARD_WITH = 0.4
_HEARD, _UNHEARD = 0.7, 0.45
"""Confidence of what a phrase announces there and a judge hears with `_HEARD_WITH`, and of the rest.

By folds 98 of 140 and 33 of 72 were right, whatever the phrase's weight or the judge's own confidence.
"""
_TENTATIVE = re.compile(r"\bwe (?:could|can|might)\b", re.IGNORECASE)
_HEDGE = re.compile(
    r"\b(?:maybe|perhaps|probably|i guess|might|possibly|not sure|i don'?t know|somehow"
    r"|kind of)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|'?cause|so that|since|otherwise|the (?:main )?reason|due to|in order to"
    r"|to avoid)\b",
    re.IGNORECASE,
)
_CONCRETE = re.compile(r"[`\d_/#]|\b[a-z]+[A-Z]\w*|(?<=[\w,] )[A-Z][\w-]+|\b[A-Z]{2,}\b")
_CONDITION = re.compile(
    r"\b(?:if|unless|suppose|assuming) (?!yeah|yes|okay|um|uh"
    r"|so)\w+[^.;]{0,60},\s*(?!then)$",
    re.IGNORECASE,
)


def propose(draft: Draft) -> Draft:
    """The draft with the candidates that its cues announce or its statements are, after those stated."""
    announced = ranked(draft)
    kept = _kept(draft.session, [one for one in announced if one.confidence >= THRESHOLD])
    every = (*_heard_alone(draft, kept), *_judged(draft, announced, kept))
    found = merged(replace(one, is_doubtful=one.is_doubtful or _is_back(draft.session, one)) for one in every)
    return replace(draft, candidates=(*draft.candidates, *map(_shown, sorted(found, key=place))))


def _shown(candidate: Candidate) -> Candidate:
    said, is_declined = candidate.parts[0].spans[0].quote, candidate.status == "declined"
    return replace(candidate, subject=headline(candidate.subject, said, is_declined=is_declined))


def _kept(session: Session, strong: Sequence[Candidate]) -> list[Candidate]:
    """As many as talk of this length has; as many again wait for review, and so does what is taken back.

    To an agent more is announced than decided: there the rest is left out.
    """
    most, back = _budget(session), [_is_back(session, one) for one in strong]
    settled = [one for one, is_back in zip(strong, back, strict=True) if not is_back]
    rest = [] if session.kind in _NOT_ALONE else settled[most : 2 * most]
    rest += [one for one, is_back in zip(strong, back, strict=True) if is_back][:most]
    return [*settled[:most], *(replace(one, is_doubtful=True) for one in rest)]


def _is_back(session: Session, candidate: Candidate) -> bool:
    return any(is_taken_back(session, span) for span in candidate.parts[0].spans)


def _heard_alone(draft: Draft, kept: Sequence[Candidate]) -> Iterator[Candidate]:
    """What cues announce; where a phrase alone is not enough, that is doubtful which no judge heard, or is empty."""
    for one in kept:
        if draft.session.kind in _NOT_ALONE:
            spans = one.parts[0].spans
            near = [told for told in draft.statements if any(overlap(told.span, span) for span in spans)]
            is_heard = any(told.confidence >= _HEARD_WITH for told in near)
            is_doubtful = not is_heard or one.status == "proposed" or _is_empty(draft.session, one)
            yield replace(one, confidence=_HEARD if is_heard else _UNHEARD, is_doubtful=is_doubtful)
        else:
            yield one


def _judged(draft: Draft, announced: Sequence[Candidate], kept: Sequence[Candidate]) -> Iterator[Candidate]:
    """What the statements say that no kept candidate says: as a weaker cue puts it, else as the sentence itself."""
    taken: dict[int, list[Span]] = {}
    for one in (*draft.candidates, *kept):
        for span in one.parts[0].spans:
            taken.setdefault(span.utterance_index, []).append(span)
    strong = {id(one) for one in kept}
    weaker = {one.parts[0].spans[0]: one for one in announced if id(one) not in strong}
    near: dict[int, list[Span]] = {}
    for span in weaker:
        near.setdefault(span.utterance_index, []).append(span)
    for statement in draft.statements:
        at = statement.span.utterance_index
        if any(overlap(statement.span, one) for one in taken.get(at, ())):
            continue
        told = next((weaker[one] for one in near.get(at, ()) if overlap(statement.span, one)), None)
        said = told or _taken_up(draft.session, statement) or statement_candidate(draft.session, statement)
        if said is not None:
            is_open = said.status == "proposed" or draft.session.kind == "mail"
            is_doubtful = is_open or _is_empty(draft.session, said) or statement.confidence < DELIVERED
            yield replace(said, confidence=statement.confidence, is_doubtful=is_doubtful)


def _taken_up(session: Session, statement: Statement) -> Candidate | None:
    """What a likely statement to an agent agrees to, where it is a nod and what was offered is found."""
    if session.kind != "agent_session" or not is_nod(statement.span.quote):
        return None
    choice = nodded(session, Cue("accepted", statement.span, statement.confidence), statement.span)
    return _candidate(session, choice) if choice else None


def _is_empty(session: Session, candidate: Candidate) -> bool:
    """Whether its words hand an agent work, or agree to something that was not found."""
    said = candidate.parts[0].spans[0].quote
    return session.kind == "agent_session" and (is_step(said) or is_nod(said))


def ranked(draft: Draft) -> tuple[Candidate, ...]:
    """All candidates the cues announce, restatements merged, most confident first; ties in the session's order."""
    present = names_of(draft.session)
    choices = (one for cue in draft.cues for one in choices_of(draft.session, cue, present))
    found = [_candidate(draft.session, choice) for choice in choices]
    whole = merged(one for one in found if one is not None)
    return tuple(sorted(whole, key=lambda one: (-one.confidence, place(one))))


def _candidate(session: Session, choice: Choice) -> Candidate | None:
    at = choice.cue.span.utterance_index
    answers = () if session.kind == "agent_session" else replies(session.utterances, at, is_threaded=_is_mail(session))
    heard = () if session.kind == "agent_session" else _objected_before(session, choice)
    is_offer = choice.cue.name in _OFFERS or (session.kind == "pull_request" and choice.cue.name == "adopted")
    status = _status(session, choice, answers, is_offer=is_offer)
    if status is None:
        return None
    objections = tuple(Part("objection", (one.said,)) for one in (*heard, *answers) if one.answer == "objects")
    return Candidate(
        subject=choice.about,
        status=status,
        authority="extracted",
        confidence=_confidence(session, choice, answers),
        parts=(Part("choice", (choice.span, *choice.restated)), *objections),
        extractor=EXTRACTOR,
        people=_people(choice, (*heard, *answers), is_offer=is_offer),
        decided_at=session.utterances[at].said_at,
        is_doubtful=session.kind in _NOT_ALONE,
    )


def _status(session: Session, choice: Choice, answers: Sequence[Reply], *, is_offer: bool) -> Status | None:
    """Agreed or committed to: accepted, or declined where a thing is turned down; put off: proposed, whoever agrees.

    An offer nobody takes up is kept as proposed only with its reason; an offer not to do something is then dropped.
    """
    name, objected = choice.cue.name, any(one.answer == "objects" for one in answers)
    agreed = any(one.answer == "agrees" or (one.answer == "nods" and one.turn == 1) for one in answers)
    if _is_mail(session) and not agreed:
        return None  # one in eight such sentences in long letters says a decision; answered ones mostly do
    if name == "stated":
        agreed = any(one.answer == "agrees" for one in answers)
    if choice.stance == "defers":
        return "proposed" if agreed or not is_offer or session.kind == "agent_session" else None
    settled: Status = "declined" if choice.stance == "declines" else "accepted"
    if session.kind == "agent_session" and name in _OFFERS:
        is_open = name == "asked" or bool(_TENTATIVE.search(choice.cue.span.quote))
        return ("proposed" if settled == "accepted" else None) if is_open else settled
    if not is_offer:
        return "proposed" if objected and not agreed and settled == "accepted" else settled
    if agreed and not objected:
        return settled
    is_worth = settled == "accepted" and name not in _ONLY_AGREED and _has_reason(session, choice)
    return "proposed" if is_worth else None


def _is_mail(session: Session) -> bool:
    return session.kind == "mail"


def _objected_before(session: Session, choice: Choice) -> tuple[Reply, ...]:
    """Objections to an earlier offer that was taken up all the same: heard and overruled, so they lower nothing."""
    at, offered = choice.cue.span.utterance_index, choice.span.utterance_index
    if offered >= at:
        return ()
    between = (one for one in replies(session.utterances, offered) if one.said.utterance_index < at)
    return tuple(one for one in between if one.answer == "objects" and one.speaker != choice.speaker)


def _confidence(session: Session, choice: Choice, answers: Sequence[Reply]) -> float:
    score = choice.cue.weight
    words = choice.span.quote.split()
    text = session.utterances[choice.span.utterance_index].text
    if any(one.answer == "agrees" for one in answers):
        score += 0.15
    elif any(one.answer == "nods" and one.turn == 1 for one in answers):
        score += 0.05
    if any(one.answer == "objects" for one in answers):
        score -= 0.15
    score += 0.08 * _has_reason(session, choice)
    score += 0.05 * bool(_CONCRETE.search(choice.about))
    score -= 0.12 * bool(_HEDGE.search(choice.span.quote))
    is_thin = len(content_words(choice.about)) < 2 and not _CONCRETE.search(choice.about)
    score -= 0.1 * (is_thin or _is_whole_sentence(choice))
    score -= 0.1 * (len(words) > 30)
    score -= 0.2 * bool(_CONDITION.search(text[max(0, choice.span.start_char - 80) : choice.span.start_char]))
    score -= 0.08 * (choice.cue.name in _OFFERS and session.kind != "agent_session" and not answers)
    score -= 0.1 * choice.span.quote.rstrip().endswith(("…", "..."))
    return round(min(_SUREST, max(0.0, score)), 3)


def _is_whole_sentence(choice: Choice) -> bool:
    """Whether the subject is the choice's own sentence, cue and all, for want of an object that names something."""
    same = choice.cue.span.utterance_index == choice.span.utterance_index and choice.cue.name != "preferred"
    at = choice.span.quote.find(choice.about[:30])
    return same and 0 <= at <= choice.cue.span.start_char - choice.span.start_char


def _has_reason(session: Session, choice: Choice) -> bool:
    """A reason within the rest of the turn, from a little before the choice on."""
    text = session.utterances[choice.span.utterance_index].text
    first, last = max(0, choice.span.start_char - 120), choice.span.end_char + 200
    return bool(_REASON.search(text, first, last) or CLAUSE_OF_REASON.search(text, choice.span.end_char, last))


def _people(choice: Choice, answers: Sequence[Reply], *, is_offer: bool) -> tuple[Person, ...]:
    named: list[tuple[str | None, PersonRole]] = [(choice.proposer, "proposed")]
    named.append((choice.speaker, "proposed" if is_offer else "decided"))
    named += [(one.speaker, "agreed") for one in answers if one.answer == "agrees"]
    named += [(one.speaker, "agreed") for one in answers if is_offer and one.answer == "nods" and one.turn == 1]
    named += [(one.speaker, "objected") for one in answers if one.answer == "objects"]
    return roles(Person(name, role) for name, role in named if name)


def _budget(session: Session) -> int:
    return max(_PER_TEN_MINUTES, math.ceil(_PER_TEN_MINUTES * _minutes(session.utterances) / 10))


def _minutes(utterances: Sequence[Utterance]) -> float:
    """The length of the talk by its times, else by its words; agents' and tools' words do not count."""
    spoken = [one for one in utterances if one.role == "person"]
    times = [time for one in spoken for time in (one.start_ms, one.end_ms) if time is not None]
    if times and max(times) > min(times):
        return (max(times) - min(times)) / 60_000
    return sum(len(one.text.split()) for one in spoken) / _WORDS_A_MINUTE
