"""What a cue chooses: the words of its clause, or what they point to in the turns before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.extract.propose_words import clause, content_words, is_pronoun, subject
from ingest.records import Cue, Session, Span, Utterance
from ingest.text import sentences, span

_BACK_UTTERANCES, _BACK_TO_OPTIONS, _BACK_TO_ADVICE = 8, 20, 4
_LONGEST_BEFORE, _SHORT_ANSWER_WORDS = 200, 12
_REASON = re.compile(r"\b(?:because|so that|since|otherwise|reason|due to|in order to|to avoid)\b", re.IGNORECASE)
_NAME = re.compile(r"`[^`\n]+`|\b[\w-]+(?:[._/][\w-]+)+\b|\b[a-z]+[A-Z]\w+|\b[A-Z]{2,}\w*")
_OUTCOME = re.compile(
    r"(?:so|then|which means)\b[, ]+(?P<what>.{0,80}?\b(?:will|is going to|'ll"
    r"|is now)\b)",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"(?<!what )\b(?:(?:i think |maybe )?we (?:should|could)|i would (?:move to|suggest|propose)|how about|what about"
    r"|(?<!what )i(?:'d)? (?:suggest|propose|recommend)|my (?:proposal|suggestion|recommendation) (?:is|would be))"
    r"(?: (?:just|also|go ahead and|to))*\b",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"(?<!what )\b(?:i(?:'d| would)? (?:recommend|suggest|propose|go with|lean towards?)|my (?:recommendation"
    r"|suggestion)"
    r"(?: is|:)|recommend(?:ed|ation)(?: (?:fix|approach|option))?:|the (?:best|right|cleanest"
    r"|simplest) (?:option|approach"
    r"|fix|way) (?:is|here is))",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"(?<=\w{3})[.!?]\**\s")
_OPTION = re.compile(r"\boption ([a-z0-9])\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a cue announces: the words of the choice, the words it is about, and who said so."""

    cue: Cue
    span: Span
    about: str
    speaker: str | None
    restated: tuple[Span, ...] = ()
    proposer: str | None = None


def choice_of(session: Session, cue: Cue) -> Choice | None:
    """The choice a cue announces; None when it points to nothing that can be found, or hands over the floor."""
    utterance = session.utterances[cue.span.utterance_index]
    if cue.name in ("referred", "accepted"):
        return _following(session, cue) or _referred(session, cue) if cue.name == "referred" else _advised(session, cue)
    start, end = clause(utterance.text, cue.span.start_char, cue.span.end_char)
    said = span(utterance, start, end)
    if cue.name == "picked":
        return _picked(session, cue, said)
    about = subject(utterance.text[cue.span.end_char : end])
    if cue.name == "preferred" and is_pronoun(about):
        about = subject(utterance.text[start : cue.span.start_char])
    if not is_pronoun(about):
        return None if _names_person(about, session) else Choice(cue, said, about, utterance.speaker)
    return _pointed(utterance, cue, said) if cue.name == "adopted" and session.kind != "meeting" else None


def _picked(session: Session, cue: Cue, said: Span) -> Choice:
    """An option picked by its letter or number: the line of the agent's list that has it says what it is."""
    picker = session.utterances[said.utterance_index].speaker
    option = _OPTION.search(said.quote)
    if option is None:
        return Choice(cue, said, subject(said.quote), picker)
    named = re.compile(
        rf"^[\W_]*option {option[1]}\b[\W_]*(?:recommended\b[\W_]*)?(?P<what>[^\n]{{5,160}})",
        re.IGNORECASE | re.MULTILINE,
    )
    for utterance in reversed(session.utterances[: said.utterance_index][-_BACK_TO_OPTIONS:]):
        found = list(named.finditer(utterance.text)) if utterance.role == "assistant" else []
        if found:
            start, end = found[-1].span("what")
            stop = _LINE_END.search(utterance.text, start, end)
            line = span(utterance, start, stop.start() if stop else end)
            return Choice(cue, said, subject(line.quote), picker, restated=(line,), proposer=utterance.speaker)
    return Choice(cue, said, subject(said.quote), picker)


def _pointed(utterance: Utterance, cue: Cue, said: Span) -> Choice | None:
    """What "let's remove this" points to, in writing: the name in the sentence before, which joins the choice."""
    before = [cut for cut in sentences(utterance.text) if cut[1] <= said.start_char]
    if not before or before[-1][1] - before[-1][0] > _LONGEST_BEFORE:
        return None
    name = _NAME.search(utterance.text, *before[-1])
    if name is None:
        return None
    return Choice(cue, span(utterance, before[-1][0], said.end_char), name.group(), utterance.speaker)


def _following(session: Session, cue: Cue) -> Choice | None:
    """What "let's do that" is put into words as, right after: "So, X will be the default"."""
    utterance = session.utterances[cue.span.utterance_index]
    for start, end in sentences(utterance.text):
        if start >= cue.span.end_char:
            if not (found := _OUTCOME.match(utterance.text, start, end)):
                return None
            said = span(utterance, found.start("what"), clause(utterance.text, *found.span("what"))[1])
            return Choice(cue, said, subject(said.quote), utterance.speaker, (cue.span,))
    return None


def _referred(session: Session, cue: Cue) -> Choice | None:
    """What "let's do that" takes up: the last offer made shortly before, in its own words."""
    first = max(0, cue.span.utterance_index - _BACK_UTTERANCES)
    for utterance in reversed(session.utterances[first : cue.span.utterance_index]):
        if utterance.role == "person" and (offer := _offer(utterance, _OFFER)):
            speaker = session.utterances[cue.span.utterance_index].speaker
            return Choice(cue, offer[0], offer[1], speaker, (cue.span,), utterance.speaker)
    return None


def _advised(session: Session, cue: Cue) -> Choice | None:
    """What a person's bare yes accepts: the advice, with its reason, in what the agent said last."""
    first = max(0, cue.span.utterance_index - _BACK_TO_ADVICE)
    if len(session.utterances[cue.span.utterance_index].text.split()) > _SHORT_ANSWER_WORDS:
        return None
    for utterance in reversed(session.utterances[first : cue.span.utterance_index]):
        if utterance.role == "person":
            return None
        if utterance.role == "assistant" and (offer := _offer(utterance, _ADVICE)) and _REASON.search(utterance.text):
            speaker = session.utterances[cue.span.utterance_index].speaker
            return Choice(cue, offer[0], offer[1], speaker, (cue.span,), utterance.speaker)
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


def _names_person(about: str, session: Session) -> bool:
    """Whether the object is somebody present: "let's go with Kai" hands over the floor."""
    first = about.split(" ")[0].strip(",.").lower()
    if len(about.split()) > 2 or len(first) < 2:
        return False
    names = {name for one in session.utterances if one.speaker for name in re.split(r"\W+", one.speaker.lower())}
    return any(name.startswith(first) for name in names if len(name) > 2)
