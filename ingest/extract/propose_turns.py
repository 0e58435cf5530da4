"""What others say to a proposal in the turns after it: agreement, objection, or nothing that counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.records import Span, Utterance
from ingest.text import sentences, span

Answer = Literal["agrees", "nods", "objects"]
_NEAR_TURNS, _NEAR_UTTERANCES, _NEAR_MS = 4, 12, 60_000
_OPENING = r"^(?:(?:oh|um+|uh+|okay|ok|yeah|yes|yep|so|and|well|no no|i think|hmm+|cool|but)\b[,.…! ]*)*"
_AGREES = re.compile(
    _OPENING + r"(?:agreed\b|i (?:also |fully |totally |completely |do )?agree\b(?! to disagree)|sounds (?:good|great"
    r"|fine|reasonable"
    r"|right|like a (?:good |great )?(?:plan|idea))|that (?:works|makes sense|sounds|would be (?:good|great"
    r"|nice|fine|perfect))"
    r"|makes sense|works for me|(?:that's a |that is a |very |a )?(?:good|great|nice) (?:idea|plan|point|call"
    r"|suggestion|catch)"
    r"|\+1|👍|lgtm|let'?s do (?:it|that|this)|absolutely|deal\b|fine (?:by|with) me|(?:i'?m|i am) (?:fine|good|okay|ok"
    r"|happy|on board) with|no objections?|done\b|fixed\b|will do\b|go for it|ship it|yes,? please|of course"
    r"|(?:i think )?that's (?:fine|good|great|right|a good)|i(?:'d| would) (?:support|second) (?:that|this)"
    r"|perfect\b|exactly\b)",
    re.IGNORECASE,
)
_NODS = re.compile(
    r"^(?:(?:yeah|yes|yep|yup|ok|okay|sure|cool|fine|great|definitely"
    r"|right)\b[,.…! ]*){1,3}$",
    re.IGNORECASE,
)
_OBJECTS = re.compile(
    r"^(?:(?:um+|uh+|well|yeah|hmm+|oh|so|but|i mean|sorry|honestly|actually"
    r"|wait)\b[,.…! ]*)*(?:no\b(?!,? (?:no )*(?:worries|problem"
    r"|objection|i agree|that's"
    r" (?:fine|good|right)|rush|it's (?:fine|good)))[,. ]+\w|nope\b|not (?:now|yet|(?:in|for|at|on|with) (?:this|now"
    r"|the moment)|needed|necessary|worth)\b|i (?:really |strongly "
    r"|still )*disagree|i(?:'m| am) (?:strongly |still |really )*(?:against|opposed)"
    r"|i have (?:a |some |serious |real )*(?:concerns?|doubts?|objections?)|i(?:'d| would) push back"
    r"|i can'?t (?:agree|support)"
    r"|(?:that's|that is|this is) (?:a (?:bad|terrible|risky) idea|(?:way |much |far )?too \w+|not going to work)"
    r"|i (?:really |still )*(?:don'?t|do not) (?:really )?(?:think|agree|like|love"
    r"|want)|i'?m not "
    r"(?:sure (?:about|that|if)|convinced|happy|a fan)|-1\b|👎|i(?: would|'d)? (?:strongly )?(?:object|rather not)"
    r"|my (?:only |main )?"
    r"concern|the (?:only )?(?:problem|issue|concern) (?:is|with)|that (?:won'?t|doesn'?t|wouldn'?t|can'?t) "
    r"|but (?:then|what"
    r" (?:about|if)|we (?:can'?t|need|still)|that (?:won'?t|would|doesn'?t)))",
    re.IGNORECASE,
)
_CONCLUDES = re.compile(
    r"^(?:(?:right|ok(?:ay)?|fine|good|well|agreed|yeah|yes|great)[,.! ]+)*(?:so|then)[, ]+(?:so |then )?\w+ \w+"
    r"|\b(?:let'?s (?!see|hear|wait)|how about|what about|we could|i(?:'d)? (?:suggest|propose))\b",
    re.IGNORECASE,
)
"""Another offer, or what somebody draws from the talk: answers after it are to that."""
_SAYS_AGAINST = re.compile(
    r"\b(?:disagree|don'?t (?:think|agree|like|want)|not (?:sure|convinced|happy|a fan)|concern|problem|issue"
    r"|object|won'?t"
    r"|can'?t|doesn'?t|wouldn'?t|too |against|opposed|doubt|bad idea|push back"
    r"|not (?:now|yet|(?:in|for|at|on|with) (?:this|now|the moment)|needed|necessary|worth))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """One person's answer to a proposal, with the clause that says it."""

    speaker: str
    answer: Answer
    said: Span
    turn: int
    """1: the next turn by somebody else."""


def replies(utterances: Sequence[Utterance], at: int, *, is_threaded: bool = False) -> tuple[Reply, ...]:
    """The answers of other speakers within four turns and a minute after the utterance at `at`, first ones first.

    Each speaker's first answer that counts stands; without speakers' names there are none.
    `is_threaded`: a message names the one that it answers, and answers that one alone.
    """
    proposer, asked_at = utterances[at].speaker, utterances[at].start_ms
    found: dict[str, Reply] = {}
    has_asked = utterances[at].text.rstrip().endswith("?")
    turn, last_speaker = 0, proposer
    for utterance in utterances[at + 1 : at + 1 + _NEAR_UTTERANCES]:
        if not _can_answer(utterance, utterances[at], is_threaded=is_threaded):
            continue
        if asked_at is not None and utterance.start_ms is not None and utterance.start_ms - asked_at > _NEAR_MS:
            break
        speaker = utterance.speaker or ""
        if speaker != last_speaker:
            turn, last_speaker = turn + 1, speaker
        if turn > _NEAR_TURNS or (speaker != proposer and not is_threaded and _moves_on(utterance.text)):
            break
        if speaker == proposer:
            has_asked = has_asked or utterance.text.rstrip().endswith("?")
        if speaker == proposer or speaker in found:
            continue
        answer = _answer(utterance.text)
        if answer == "objects" and has_asked and not _SAYS_AGAINST.search(utterance.text):
            continue  # "no" to "anything else?" is no objection
        if answer:
            found[speaker] = Reply(speaker, answer, _said(utterance), turn)
    return tuple(found.values())


def _can_answer(utterance: Utterance, other: Utterance, *, is_threaded: bool) -> bool:
    is_talk = utterance.role == "person" and utterance.speaker is not None
    return is_talk and (_is_to(utterance, other) or not is_threaded)


def _is_to(utterance: Utterance, other: Utterance) -> bool:
    """Whether a message names the other as the one it answers; pieces of one message are numbered behind its id."""
    own, named = other.native_id or "", utterance.parent_id
    return named is not None and (own == named or own.startswith(f"{named}#"))


def _moves_on(text: str) -> bool:
    return _answer(text) is None and _CONCLUDES.search(text.strip().replace("’", "'")) is not None


def _answer(text: str) -> Answer | None:
    plain = text.strip().replace("’", "'")
    if _AGREES.match(plain):
        return (
            "objects"
            if re.search(
                r"[,.] but (?:i (?:don'?t|disagree)"
                r"|not )",
                plain[:120],
                re.IGNORECASE,
            )
            else "agrees"
        )
    if _OBJECTS.match(plain) and not plain.endswith("?"):
        return "objects"
    return "nods" if _NODS.match(plain) else None


def _said(utterance: Utterance) -> Span:
    """The sentence of an answer that carries it: the first that speaks against, else the first."""
    cuts = list(sentences(utterance.text))[:3]
    start, end = next((cut for cut in cuts if _SAYS_AGAINST.search(utterance.text[slice(*cut)])), cuts[0])
    return span(utterance, start, min(end, start + 400))
