"""A cue and the turns around it become a candidate: its choice, subject, people and a confidence.

The confidence is a score in [0, 1], not a probability: the cue's weight, moved by how the others answer, whether a
reason is given and how concrete the object is. Few are kept: three for ten minutes of talk, the most confident ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.extract.propose_turns import Reply, replies
from ingest.extract.propose_words import clause, content_words, subject
from ingest.records import Candidate, Cue, Draft, Part, Person, PersonRole, Session, Span, Status, Utterance
from ingest.text import sentences, span

EXTRACTOR = "cues/1"
THRESHOLD = 0.55
"""Set on real project calls, agent sessions and the development part of AMI and ICSI (bench/extract.py)."""
_PER_TEN_MINUTES = 3
_WORDS_A_MINUTE = 150
_SAME = 0.6
_OFFERS = frozenset({"suggested", "asked", "preferred"})
_DECLINES = frozenset({"declined", "refused"})
_BACK_UTTERANCES, _BACK_TO_OPTIONS, _BACK_TO_ADVICE = 8, 20, 4
_LONGEST_BEFORE, _SHORT_ANSWER_WORDS = 200, 12
_NEGATIVE = re.compile(r"\b(?:not|don'?t|never|against)\b", re.IGNORECASE)
_HEDGE = re.compile(r"\b(?:maybe|perhaps|probably|i guess|might|possibly|not sure|i don'?t know|somehow|kind of)\b", re.I)
_REASON = re.compile(r"\b(?:because|'?cause|so that|since|otherwise|the (?:main )?reason|due to|in order to|to avoid)\b", re.I)
_CONCRETE = re.compile(r"[`\d_/#]|\b[a-z]+[A-Z]\w*|(?<=[\w,] )[A-Z][\w-]+|\b[A-Z]{2,}\b")
_CONDITION = re.compile(r"\b(?:if|unless|suppose|assuming) \w+ \w+[^.;]{0,60},\s*(?!then)$", re.IGNORECASE)
_NAME = re.compile(r"`[^`\n]+`|\b[\w-]+(?:[._/][\w-]+)+\b|\b[a-z]+[A-Z]\w+|\b[A-Z]{2,}\w*")
_OUTCOME = re.compile(r"(?:so|then|which means)\b[, ]+(?P<what>.{0,80}?\b(?:will|is going to|'ll|is now)\b)", re.IGNORECASE)
_OFFER = re.compile(
    r"(?<!what )\b(?:(?:i think |maybe )?we (?:should|could)|i would (?:move to|suggest|propose)|how about|what about"
    r"|(?<!what )i(?:'d)? (?:suggest|propose|recommend)|my (?:proposal|suggestion|recommendation) (?:is|would be))"
    r"(?: (?:just|also|go ahead and|to))*\b",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"(?<!what )\b(?:i(?:'d| would)? (?:recommend|suggest|propose|go with|lean towards?)|my (?:recommendation|suggestion)"
    r"(?: is|:)|recommend(?:ed|ation)(?: (?:fix|approach|option))?:|the (?:best|right|cleanest|simplest) (?:option|approach"
    r"|fix|way) (?:is|here is))",
    re.IGNORECASE,
)
_OPTION = re.compile(r"\boption ([a-z0-9])\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a cue announces: the words of the choice, the words it is about, and who said so."""

    cue: Cue
    span: Span
    about: str
    speaker: str | None
    restated: tuple[Span, ...] = ()
    proposer: str | None = None


def propose(draft: Draft) -> Draft:
    """The draft with the candidates its cues announce, after those stated: at most three for ten minutes of talk."""
    kept = [one for one in ranked(draft) if one.confidence >= THRESHOLD][: _budget(draft.session)]
    in_order = sorted(kept, key=_place)
    return replace(draft, candidates=(*draft.candidates, *in_order))


def ranked(draft: Draft) -> tuple[Candidate, ...]:
    """All candidates the cues announce, restatements merged, most confident first; ties in the session's order."""
    found = [_candidate(draft.session, choice) for cue in draft.cues if (choice := _choice(draft.session, cue))]
    merged = _merged(one for one in found if one is not None)
    return tuple(sorted(merged, key=lambda one: (-one.confidence, _place(one))))


def _choice(session: Session, cue: Cue) -> _Choice | None:
    utterance = session.utterances[cue.span.utterance_index]
    if cue.name in ("referred", "accepted"):
        return _following(session, cue) or _referred(session, cue) if cue.name == "referred" else _advised(session, cue)
    start, end = clause(utterance.text, cue.span.start_char, cue.span.end_char)
    said = span(utterance, start, end)
    if cue.name == "picked":
        return _picked(session, cue, said)
    about = subject(utterance.text[cue.span.end_char : end])
    if cue.name == "preferred" and not content_words(about):
        about = subject(utterance.text[start : cue.span.start_char])
    if content_words(about):
        return None if _names_person(about, session) else _Choice(cue, said, about, utterance.speaker)
    return _pointed(utterance, cue, said) if cue.name == "adopted" and session.kind != "meeting" else None


def _picked(session: Session, cue: Cue, said: Span) -> _Choice:
    """An option picked by its letter or number: the line of the agent's list that has it says what it is."""
    picker = session.utterances[said.utterance_index].speaker
    option = _OPTION.search(said.quote)
    if option is None:
        return _Choice(cue, said, subject(said.quote), picker)
    named = re.compile(rf"^[\W_]*option {option[1]}\b[\W_]*(?P<what>[^\n]{{5,160}})", re.IGNORECASE | re.MULTILINE)
    for utterance in reversed(session.utterances[: said.utterance_index][-_BACK_TO_OPTIONS:]):
        found = list(named.finditer(utterance.text)) if utterance.role == "assistant" else []
        if found:
            start, end = found[-1].span("what")
            line = span(utterance, start, next((last for first, last in sentences(utterance.text) if last > start), end))
            line = line if line.end_char <= end else span(utterance, start, end)
            return _Choice(cue, said, subject(line.quote), picker, restated=(line,), proposer=utterance.speaker)
    return _Choice(cue, said, subject(said.quote), picker)


def _pointed(utterance: Utterance, cue: Cue, said: Span) -> _Choice | None:
    """What "let's remove this" points to, in writing: the name in the sentence before, which joins the choice."""
    before = [cut for cut in sentences(utterance.text) if cut[1] <= said.start_char]
    if not before or before[-1][1] - before[-1][0] > _LONGEST_BEFORE:
        return None
    name = _NAME.search(utterance.text, *before[-1])
    if name is None:
        return None
    return _Choice(cue, span(utterance, before[-1][0], said.end_char), name.group(), utterance.speaker)


def _following(session: Session, cue: Cue) -> _Choice | None:
    """What "let's do that" is put into words as, right after: "So, X will be the default"."""
    utterance = session.utterances[cue.span.utterance_index]
    for start, end in sentences(utterance.text):
        if start >= cue.span.end_char:
            if not (found := _OUTCOME.match(utterance.text, start, end)):
                return None
            said = span(utterance, found.start("what"), clause(utterance.text, *found.span("what"))[1])
            return _Choice(cue, said, subject(said.quote), utterance.speaker, (cue.span,))
    return None


def _referred(session: Session, cue: Cue) -> _Choice | None:
    """What "let's do that" takes up: the last offer made shortly before, in its own words."""
    first = max(0, cue.span.utterance_index - _BACK_UTTERANCES)
    for utterance in reversed(session.utterances[first : cue.span.utterance_index]):
        if utterance.role == "person" and (offer := _offer(utterance, _OFFER)):
            speaker = session.utterances[cue.span.utterance_index].speaker
            return _Choice(cue, offer[0], offer[1], speaker, (cue.span,), utterance.speaker)
    return None


def _advised(session: Session, cue: Cue) -> _Choice | None:
    """What a person's bare yes accepts: the advice, with its reason, in what the agent said last."""
    first = max(0, cue.span.utterance_index - _BACK_TO_ADVICE)
    if len(session.utterances[cue.span.utterance_index].text.split()) > _SHORT_ANSWER_WORDS:
        return None
    for utterance in reversed(session.utterances[first : cue.span.utterance_index]):
        if utterance.role == "person":
            return None
        if utterance.role == "assistant" and (offer := _offer(utterance, _ADVICE)) and _REASON.search(utterance.text):
            speaker = session.utterances[cue.span.utterance_index].speaker
            return _Choice(cue, offer[0], offer[1], speaker, (cue.span,), utterance.speaker)
    return None


def _offer(utterance: Utterance, pattern: re.Pattern[str]) -> tuple[Span, str] | None:
    """The last clause of an utterance that offers something by the pattern, and what it is about."""
    for start, end in reversed(list(sentences(utterance.text))):
        found = pattern.search(utterance.text, start, end)
        if found and not utterance.text.startswith("?", end - 1):
            bounds = clause(utterance.text, found.start(), found.end())
            about = subject(utterance.text[found.end() : bounds[1]])
            if len(content_words(about)) > 1:
                return span(utterance, *bounds), about
    return None


def _candidate(session: Session, choice: _Choice) -> Candidate | None:
    at = choice.cue.span.utterance_index
    answers = () if session.kind == "agent_session" else replies(session.utterances, at)
    is_offer = choice.cue.name in _OFFERS or (session.kind == "pull_request" and choice.cue.name == "adopted")
    status = _status(session, choice, answers, is_offer=is_offer)
    if status is None:
        return None
    objections = tuple(Part("objection", (one.said,)) for one in answers if one.answer == "objects")
    return Candidate(
        subject=choice.about,
        status=status,
        authority="extracted",
        confidence=_confidence(session, choice, answers),
        parts=(Part("choice", (choice.span, *choice.restated)), *objections),
        extractor=EXTRACTOR,
        people=_people(choice, answers, is_offer=is_offer),
        decided_at=session.utterances[at].said_at,
    )


def _status(session: Session, choice: _Choice, answers: Sequence[Reply], *, is_offer: bool) -> Status | None:
    """Agreed or committed to: accepted. An offer nobody takes up is kept as proposed only with its reason."""
    agreed = any(one.answer == "agrees" or (one.answer == "nods" and one.turn == 1) for one in answers)
    objected = any(one.answer == "objects" for one in answers)
    if choice.cue.name in _DECLINES:
        return "declined"
    if choice.cue.name in ("decided", "corrected") and _NEGATIVE.search(choice.cue.span.quote):
        return "declined"
    if not is_offer or session.kind == "agent_session":
        return "proposed" if objected and not agreed else "accepted"
    if agreed and not objected:
        return "accepted"
    return "proposed" if _has_reason(session, choice) and choice.cue.name != "asked" else None


def _confidence(session: Session, choice: _Choice, answers: Sequence[Reply]) -> float:
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
    score -= 0.1 * (len(content_words(choice.about)) < 2 and not _CONCRETE.search(choice.about))
    score -= 0.1 * (len(words) > 30)
    score -= 0.2 * bool(_CONDITION.search(text[max(0, choice.span.start_char - 80) : choice.span.start_char]))
    score -= 0.08 * (choice.cue.name in _OFFERS and session.kind != "agent_session" and not answers)
    score -= 0.1 * choice.span.quote.rstrip().endswith(("…", "..."))
    return round(min(1.0, max(0.0, score)), 3)


def _has_reason(session: Session, choice: _Choice) -> bool:
    """A reason within the rest of the turn, from a little before the choice on."""
    text = session.utterances[choice.span.utterance_index].text
    return bool(_REASON.search(text, max(0, choice.span.start_char - 120), choice.span.end_char + 200))


def _people(choice: _Choice, answers: Sequence[Reply], *, is_offer: bool) -> tuple[Person, ...]:
    named: list[tuple[str | None, PersonRole]] = [(choice.proposer, "proposed")]
    named.append((choice.speaker, "proposed" if is_offer else "decided"))
    named += [(one.speaker, "agreed") for one in answers if one.answer == "agrees"]
    named += [(one.speaker, "agreed") for one in answers if is_offer and one.answer == "nods" and one.turn == 1]
    named += [(one.speaker, "objected") for one in answers if one.answer == "objects"]
    return tuple(dict.fromkeys(Person(name, role) for name, role in named if name))


def _names_person(about: str, session: Session) -> bool:
    """Whether the object is somebody present: "let's go with Kai" hands over the floor."""
    first = about.split(" ")[0].strip(",.").lower()
    if len(about.split()) > 2 or len(first) < 2:
        return False
    names = {name for one in session.utterances if one.speaker for name in re.split(r"\W+", one.speaker.lower())}
    return any(name.startswith(first) for name in names if len(name) > 2)


def _merged(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Restatements as one candidate: the most confident one's words first, the others' spans after it."""
    kept: list[Candidate] = []
    for one in sorted(candidates, key=lambda one: (-one.confidence, _place(one))):
        twin = next((n for n, other in enumerate(kept) if _is_same(one, other)), None)
        if twin is None:
            kept.append(one)
            continue
        choice = kept[twin].parts[0]
        spans = tuple(dict.fromkeys((*choice.spans, *one.parts[0].spans)))
        people = tuple(dict.fromkeys((*kept[twin].people, *one.people)))
        kept[twin] = replace(kept[twin], parts=(replace(choice, spans=spans), *kept[twin].parts[1:]), people=people)
    return kept


def _is_same(one: Candidate, other: Candidate) -> bool:
    if (one.status == "declined") != (other.status == "declined"):
        return False
    mine, theirs = content_words(one.subject), content_words(other.subject)
    if one.parts[0].spans[0] == other.parts[0].spans[0]:
        return True
    return bool(mine | theirs) and len(mine & theirs) / len(mine | theirs) >= _SAME


def _place(candidate: Candidate) -> tuple[int, int]:
    first = candidate.parts[0].spans[0]
    return first.utterance_index, first.start_char


def _budget(session: Session) -> int:
    return max(_PER_TEN_MINUTES, math.ceil(_PER_TEN_MINUTES * _minutes(session.utterances) / 10))


def _minutes(utterances: Sequence[Utterance]) -> float:
    """The length of the talk by its times, else by its words; agents' and tools' words do not count."""
    spoken = [one for one in utterances if one.role == "person"]
    times = [time for one in spoken for time in (one.start_ms, one.end_ms) if time is not None]
    if times and max(times) > min(times):
        return (max(times) - min(times)) / 60_000
    return sum(len(one.text.split()) for one in spoken) / _WORDS_A_MINUTE
