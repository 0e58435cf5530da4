"""What a cue chooses: the words of its clause, or what they point to in the turns before."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ingest.extract.cues_phrases import CHOSEN, DEFERRING
from ingest.extract.propose_answers import answered
from ingest.extract.propose_named import is_name, is_refused
from ingest.extract.propose_options import before, named, picked
from ingest.extract.propose_steps import is_nod
from ingest.extract.propose_subject import points_back, subject
from ingest.extract.propose_words import clause, content_words, is_pronoun
from ingest.records import Cue, Session, Span, Utterance
from ingest.text import folded, sentences, span

_BACK_UTTERANCES, _BACK_TO_ADVICE = 8, 4
_LONGEST_ABOUT = 80
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
_ASK = re.compile(
    rf"{_OFFER.pattern}|\b(?:should|shall|can|could) (?:we|i)\b|\bdo (?:we|you) want (?:me |us )?to\b|\bwant me to\b",
    re.IGNORECASE,
)
"""What "let's postpone that" can put off: an offer, or a question that makes one."""
_PUTS_OFF = re.compile(rf"\s*(?:(?:that|to|we|i|will|should|just|rather) )*{DEFERRING}\b", re.IGNORECASE)
_PUT_OFF = re.compile(rf"\b{DEFERRING}$", re.IGNORECASE)
_ASIDE = re.compile(
    r"\s*(?:to )?(?:leave|put|keep) (?P<what>.+?) (?:(?:on|to) (?:the|one) side|aside|open|alone)\b", re.I
)
_LATER = re.compile(
    r"\b(?:(?:for )?(?<!or )(?<!sooner or )later(?: on)?|not (?:now|yet|today|this (?:week|month|quarter|sprint|year))"
    r"|another time|at some point|some ?day|down the road)[\s.,!]*$",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(r"[\s,;–—-]*(?:but |just )*not (?:now|yet|today|this (?:week|month|quarter|sprint|year))\b", re.I)
_DECLINING = re.compile(
    r"(?:\b(?:not|never|against|(?:do|are|is|wo|should|will)n'?t)(?: \w+)? ?$)|\b(?:not to|not|against)$", re.IGNORECASE
)
_DECLINES_NEXT = re.compile(
    r"\s*(?:(?:that|to|we|i|it|are|is|will|should|would|could|do|going) )*"
    r"(?:not|never|against|(?:won|shouldn|don|aren|isn|wouldn|can)'?t|cannot)\b(?! only\b| just\b| until\b| before\b)",
    re.IGNORECASE,
)
_DECLINING_CUES = frozenset({"declined", "refused", "opposed"})
_ADVICE = re.compile(
    r"(?<!what )\b(?:i(?:'d| would)? (?:recommend|suggest|propose|go with|lean towards?)|my (?:recommendation"
    r"|suggestion)"
    r"(?: is|:)|recommend(?:ed|ation)(?: (?:fix|approach|option))?:|the (?:best|right|cleanest"
    r"|simplest) (?:option|approach"
    r"|fix|way) (?:is|here is))",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"(?<=\w{3})[.!?]\**\s")
_AMENDED = re.compile(r"\s*(?:\+|&|,? ?(?:plus|and|with|but|except|without|minus)\b)", re.IGNORECASE)
"""What makes a pick one's own: "option 2 + the last 7 days" is not what the list said."""
_LABEL = re.compile(r"\W*(?P<name>\w[\w /&-]{2,48}\w)(?:\*\*:|:\*\*)\s")
"""What a question is headed: "**Domain**: do you want a custom one?"."""
_OPTION = re.compile(r"\boption ([a-z0-9])\b", re.IGNORECASE)
Stance = Literal["takes", "declines", "defers"]
"""What a clause does with its object."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a cue announces: the words of the choice, the words it is about, and who said so."""

    cue: Cue
    span: Span
    about: str
    speaker: str | None
    restated: tuple[Span, ...] = ()
    proposer: str | None = None
    stance: Stance = "takes"


def names_of(session: Session) -> tuple[str, ...]:
    """The words of the names of those who speak, in lower case and in order: to be found once, not for every cue."""
    speakers = {one.speaker.lower() for one in session.utterances if one.speaker}
    return tuple(sorted({name for speaker in speakers for name in re.split(r"\W+", speaker) if len(name) > 2}))


def choices_of(session: Session, cue: Cue, present: Sequence[str]) -> Iterator[Choice]:
    """What a cue announces: one choice or none, and as many as an answer picks from a list ("apply #1 and #3").

    `present`: as from `names_of`.
    """
    if cue.name == "listed":
        speaker = session.utterances[cue.span.utterance_index].speaker
        for said, offered in picked(session, cue.span):
            about = subject(said.quote, whole=said.quote)
            yield Choice(cue, said, about, speaker, restated=(cue.span,), proposer=offered.speaker)
    elif cue.name == "answered":
        yield from _answered(session, cue)
    elif (choice := choice_of(session, cue, present)) is not None:
        yield choice


def choice_of(session: Session, cue: Cue, present: Sequence[str]) -> Choice | None:
    """The choice a cue announces; None when it points to nothing that can be found, or hands over the floor.

    `present`: as from `names_of`.
    """
    utterance = session.utterances[cue.span.utterance_index]
    if cue.name in ("referred", "accepted"):
        return _following(session, cue) or _referred(session, cue) if cue.name == "referred" else _advised(session, cue)
    start, end = clause(utterance.text, cue.span.start_char, cue.span.end_char)
    said = span(utterance, start, end)
    if session.kind == "agent_session" and is_nod(said.quote):
        return nodded(session, cue, said)
    if cue.name == "picked":
        return _picked(session, cue, said)
    if cue.name == "chosen":
        return _chosen(session, cue)
    stance = stance_of(cue, utterance.text, end)
    object_ = utterance.text[cue.span.end_char : end]
    if stance == "defers":
        return _deferred(session, cue, said, object_)
    if cue.name == "preferred" and points_back(object_) and stance == "takes":
        object_ = utterance.text[start : cue.span.start_char]
    if not points_back(object_):
        about = subject(object_, whole=said.quote)
        if is_pronoun(about) or _names_person(about, present):
            return None
        return Choice(cue, said, about, utterance.speaker, stance=stance)
    pointed = _pointed(utterance, cue, said) if cue.name == "adopted" and session.kind != "meeting" else None
    return replace(pointed, stance=stance) if pointed else None


def _answered(session: Session, cue: Cue) -> Iterator[Choice]:
    """What an answer by number chooses; it is about the question, and proposed by it where the answer is a bare yes."""
    utterance = session.utterances[cue.span.utterance_index]
    for one in answered(session, utterance):
        if one.said == cue.span:
            label = _LABEL.match(one.question.quote)
            about = label["name"] if label else folded(one.question.quote, limit=_LONGEST_ABOUT)
            if one.settles == "words":
                yield Choice(cue, one.said, about, utterance.speaker)
            else:
                asker = session.utterances[one.question.utterance_index].speaker
                stance: Stance = "takes" if one.settles == "yes" else "declines"
                yield Choice(cue, one.question, about, utterance.speaker, (one.said,), asker, stance)


def stance_of(cue: Cue, text: str, end: int) -> Stance:
    """Whether the clause of a cue, which ends at `end`, takes its object up, turns it down or puts it off."""
    rest = text[cue.span.end_char : end]
    is_put_off = _PUT_OFF.search(cue.span.quote) or _PUTS_OFF.match(rest) or _ASIDE.match(rest) or _LATER.search(rest)
    if is_put_off or _NOT_NOW.match(text, end):
        return "defers"
    if cue.name in _DECLINING_CUES or _DECLINING.search(cue.span.quote) or _DECLINES_NEXT.match(rest):
        return "declines"
    return "takes"


def _deferred(session: Session, cue: Cue, said: Span, object_: str) -> Choice | None:
    """The thing put off, named in the clause itself or in the offer that "postpone that" answers; else nothing."""
    aside = _ASIDE.match(object_)
    named = aside["what"] if aside else object_
    if behind := _PUTS_OFF.match(named):
        named = named[behind.end() :]
    speaker = session.utterances[said.utterance_index].speaker
    if re.search(r"\bwait (?:until|till)$", cue.span.quote, re.IGNORECASE) or points_back(named):
        return _taken_up(session, cue, said, _ASK, stance="defers")
    about = subject(named)
    if is_pronoun(about) or not content_words(about):
        return None
    return Choice(cue, said, about, speaker, stance="defers")


def _picked(session: Session, cue: Cue, said: Span) -> Choice | None:
    """An option picked by its letter or number: the line of the agent's list that says what it is, then the pick.

    None when no list has it and the person's own words do not say what it is.
    """
    utterance = session.utterances[said.utterance_index]
    picker = utterance.speaker
    option = _OPTION.search(said.quote)
    if option is None or _AMENDED.match(utterance.text, said.start_char + option.end()):
        object_ = utterance.text[cue.span.end_char : said.end_char]
        return None if points_back(object_) else Choice(cue, said, subject(object_, whole=said.quote), picker)
    for line, offered in picked(session, said):
        about = subject(line.quote, whole=line.quote)
        return Choice(cue, line, about, picker, restated=(said,), proposer=offered.speaker)
    own = subject(said.quote[option.end() :])
    return Choice(cue, said, own, picker) if len(content_words(own)) > 1 else None


def _chosen(session: Session, cue: Cue) -> Choice | None:
    """What "Redis then" takes up: somebody else named it shortly before; who named it to refuse it proposed nothing."""
    at = cue.span.utterance_index
    speaker, found = session.utterances[at].speaker, CHOSEN.match(cue.span.quote)
    if found is None or not is_name(found["what"]):
        return None
    if found["reason"]:
        said = span(session.utterances[at], cue.span.start_char, cue.span.start_char + found.start("reason"))
        return Choice(cue, said, found["what"], speaker)
    name = re.compile(rf"(?<!\w){re.escape(found['what'].casefold())}(?!\w)")
    choice = None
    for utterance in reversed(session.utterances[max(0, at - _BACK_UTTERANCES) : at]):
        text = utterance.text.casefold().replace("’", "'")
        if utterance.role in ("person", "assistant") and (told := name.search(text)):
            if utterance.role == "person" and utterance.speaker == speaker:
                return None
            choice = choice or Choice(cue, cue.span, found["what"], speaker)
            if not is_refused(text, *told.span()):
                return replace(choice, proposer=utterance.speaker)
    return choice


def nodded(session: Session, cue: Cue, said: Span) -> Choice | None:
    """What a nod to an agent takes up: the option it names, else what the agent had advised just before."""
    speaker = session.utterances[said.utterance_index].speaker
    for line, offered in picked(session, said):
        about = subject(line.quote, whole=line.quote)
        return Choice(cue, line, about, speaker, restated=(said,), proposer=offered.speaker)
    if named(said.quote):
        return None  # an option of a list that is not there
    for utterance in before(session, said.utterance_index):
        if offer := _offer(utterance, _ADVICE):
            return Choice(cue, offer[0], offer[1], speaker, (said,), utterance.speaker)
    return None


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
            about = subject(said.quote, whole=said.quote)
            return None if is_pronoun(about) else Choice(cue, said, about, utterance.speaker, (cue.span,))
    return None


def _referred(session: Session, cue: Cue) -> Choice | None:
    """What "let's do that" takes up: the last offer made shortly before, in its own words."""
    return _taken_up(session, cue, cue.span, _OFFER, stance="takes")


def _taken_up(session: Session, cue: Cue, said: Span, pattern: re.Pattern[str], *, stance: Stance) -> Choice | None:
    """The last offer made shortly before, first in its own words, then in those that take it up or put it off."""
    first = max(0, cue.span.utterance_index - _BACK_UTTERANCES)
    roles = ("person", "assistant") if stance == "defers" and session.kind == "agent_session" else ("person",)
    for utterance in reversed(session.utterances[first : cue.span.utterance_index]):
        if utterance.role in roles and (offer := _offer(utterance, pattern, is_asked=stance == "defers")):
            speaker = session.utterances[cue.span.utterance_index].speaker
            return Choice(cue, offer[0], offer[1], speaker, (said,), utterance.speaker, stance)
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


def _offer(utterance: Utterance, pattern: re.Pattern[str], *, is_asked: bool = False) -> tuple[Span, str] | None:
    """The last clause of an utterance that offers something by the pattern, and what it is about.

    A question counts only where `is_asked`.
    """
    for start, end in reversed(list(sentences(utterance.text))):
        found = pattern.search(utterance.text, start, end)
        if found and (is_asked or not utterance.text.startswith("?", end - 1)):
            bounds = clause(utterance.text, found.start(), found.end())
            object_ = utterance.text[found.end() : bounds[1]]
            if len(content_words(object_)) > 1 and not points_back(object_):
                return span(utterance, *bounds), subject(object_, whole=utterance.text[slice(*bounds)])
    return None


def _names_person(about: str, present: Sequence[str]) -> bool:
    """Whether the object is somebody present: "let's go with Kai" hands over the floor."""
    first = about.split(" ")[0].strip(",.").lower()
    if len(about.split()) > 2 or len(first) < 2:
        return False
    at = bisect_left(present, first)
    return at < len(present) and present[at].startswith(first)
