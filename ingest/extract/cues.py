"""Phrases that announce a decision in English talk, found in what persons say; never in what an agent or tool says.

An agent's plans ("I'll use X") are chatter until a person takes them up; documents speak by their structure. A phrase
in a question, a condition, a report or a negation announces nothing; a question that offers a choice is an `ask`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.records import Cue, Draft, Session, Utterance
from ingest.text import sentences, span

NOT_ENGLISH = "extraction skipped: not English"
_LONGEST_PERSON_TEXT = 1_500
"""Longer messages to an agent are pasted plans, logs and reviews: 14 of 14 in the sample sessions."""
_ENOUGH_WORDS, _ENGLISH_SHARE = 20, 0.12
"""The words below make up a third of English talk, 7 % of Dutch and under 4 % of German, French or Spanish."""
_ENGLISH = frozenset(
    (
        "the", "and", "of", "to", "is", "that", "we", "it", "you", "this", "for", "with", "have", "are", "be", "not",
        "what", "but", "do", "can", "they", "there", "just", "if", "will", "would", "from", "i", "a", "let's", "use",
    )
)  # fmt: skip
_WORD = re.compile(r"(?<!\S)[^\W\d_]+(?:'[^\W\d_]+)?(?=[,.?!;:…]*(?:\s|$))")
"""Only words that stand alone: paths, code and terminal output are of no language."""

_ADVERBS = (
    r"(?:(?:just|also|all|then|now|definitely|completely|simply|please|probably|still|totally|already|always|instead"
    r"|maybe|basically|rather|really|kind of|at least|for now|right now|only|uh|um|go ahead and|like)[ ,]+)*"
)
_LETS = r"\blet'?s[ ,]+" + _ADVERBS
_WE_WILL = (
    r"\b(?:we(?:'ll| will|'re going to| are going to|'re gonna| are gonna| gonna)|i think we(?:'ll| will)) " + _ADVERBS
)
_WE_SHOULD = r"\b(?:i think )?we (?:should|ought to|might as well) " + _ADVERBS
_WE_COULD = r"\b(?:i think )?we (?:could|can) " + _ADVERBS
_CHOOSING = (
    r"(?:use|keep|drop|remove|adopt|pick|choose|defer|postpone|table|lock in|replace|allow|forbid|deprecate|target"
    r"|avoid|disable|enable|ship|revert|reuse|rename|standardi[sz]e on|default to|switch(?: over)? to|migrate to|aim for"
    r"|settle (?:on|for)|stick (?:with|to)|stay (?:with|on|at)|stop \w+ing|get rid of|opt for|rely on|start using"
    r"|go (?:ahead )?with|go for|go back to|hold off|wait (?:for|until|till|with)|limit|cap|leave out|merge|skip|split)\b"
)
_CHOOSING_LATER = (
    r"(?:use|keep|drop|remove|adopt|defer|postpone|lock in|replace|deprecate|target|avoid|ship|revert|reuse"
    r"|standardi[sz]e on|default to|switch(?: over)? to|migrate to|settle (?:on|for)|stick (?:with|to)|stay (?:with|on|at)"
    r"|get rid of|opt for|go (?:ahead )?with|go for|go back to|hold off|skip|build)\b"
)
_CHANGING = r"(?:make|have|move|leave|put|set|add|store|treat|run|support|build|call|do|implement|apply|default)\b"
_REFUSING = (
    r"(?:use|keep|add|allow|push|remove|drop|change|store|hard-?code|rely|support|create|put|mix|make|do|build|merge|ship"
    r"|touch|include|have|go|bother with|block|want to|introduce|over-?engineer)\b"
)


@dataclass(frozen=True, slots=True)
class _Phrase:
    name: str
    weight: float
    signs: tuple[str, ...]
    """It can only occur where one of these does, in lower case: 25 patterns a sentence would take a second a meeting."""
    pattern: re.Pattern[str]
    kinds: frozenset[str]


def _phrase(name: str, weight: float, signs: str, pattern: str, kinds: str = "meeting agent_session pull_request") -> _Phrase:
    return _Phrase(name, weight, tuple(signs.split("|")), re.compile(pattern, re.IGNORECASE), frozenset(kinds.split()))


_TO_AN_AGENT = "agent_session"
_PHRASES: tuple[_Phrase, ...] = (
    _phrase(
        "decided", 0.85, "decided|agreed|settled|concluded|opted|chose",
        r"\b(?:we|i)(?:'ve| have|'d)? (?:all |just |already |now |also |then |basically |finally |kind of |sort of )*"
        r"(?:decided|agreed|settled|concluded|opted|chose)(?: (?:to|on|that|not to|against|for|we)\b)",
    ),
    _phrase(
        "decided", 0.85, "decision|decided|agree|consensus|final answer",
        r"\b(?:(?:the|our|my) (?:final |group )?decision (?:is|was)|it (?:was|has been|is) (?:decided|agreed)|final answer:?"
        r"|decision:|(?:we're|we are) (?:all )?(?:agreed|in agreement)|everyone (?:agrees|agreed)"
        r"|(?:the |rough |our )*consensus (?:is|was|seems to be)|what we(?:'ve| have)? decided is)(?: (?:that|to|on))?\b",
    ),
    _phrase("decided", 0.8, "agreed", r"^(?:yeah |yes |ok(?:ay)? |so )*agreed[,:–-]+ (?!but|i\b|yeah|thank)"),
    _phrase(
        "adopted", 0.8, "let",
        _LETS + r"(?:go (?:ahead )?with|stick (?:with|to)|settle (?:on|for)|lock in|stay (?:with|on))\b",
    ),
    _phrase(
        "adopted", 0.8, "going with|going ahead with",
        r"\b(?:we're|we are|i'm|i am) going (?:ahead )?with\b|^(?:ok(?:ay)?[, ]+|so )?going with\b",
    ),
    _phrase("adopted", 0.7, "let", _LETS + _CHOOSING),
    _phrase("adopted", 0.55, "let", _LETS + _CHANGING, _TO_AN_AGENT),
    _phrase("referred", 0.6, "let", r"^(?:\W*(?:ok(?:ay)?|yeah|yes|so|great|cool|all right|alright|perfect)\b)*\W*"
            r"let'?s (?:just )?(?:do|go with|use|take|keep) (?:that|it|this)(?: one| then)?\W*$"),
    _phrase(
        "accepted", 0.6, "ye|yup|ok|sure|good|go ahead|do it|perfect|agreed|great",
        r"^(?:(?:yes|yep|yup|ok(?:ay)?|sure|sounds good|go ahead|do it|perfect|agreed|great|good|please|and|with|the"
        r"|i agree|go for it|do that|implement it|apply it|let'?s do (?:it|that)|that (?:way|works|sounds good)"
        r"|your (?:recommendation|suggestion|plan|proposal))\b[\s.,!…-]*)+$",
        _TO_AN_AGENT,
    ),
    _phrase(
        "adopted", 0.45, "let", _LETS + r"(?:make|have|set|store|treat|call|leave)\b", "meeting pull_request"
    ),
    _phrase(
        "adopted", 0.65, "we can|we could", r"\bwe (?:can|could) " + _ADVERBS + r"(?:go ahead with|lock in)\b"
    ),
    _phrase("adopted", 0.62, "we'll|we will|we're g|we are g|gonna", _WE_WILL + _CHOOSING_LATER),
    _phrase("adopted", 0.6, "from now on", r"\bfrom now on,?"),
    _phrase("declined", 0.7, "let", _LETS + r"not " + _ADVERBS + _REFUSING),
    _phrase("declined", 0.65, "let", _LETS + r"(?:forget about|rule out|scrap|ditch)\b"),
    _phrase(
        "declined", 0.6, "we're not|we are not|we won't|we will not",
        r"\bwe(?:'re not going to| are not going to|'re not gonna| won't| will not) " + _ADVERBS + _REFUSING,
    ),
    _phrase(
        "corrected", 0.75, "no|na|actually",
        r"^(?:no|nope|nah|actually)[,.…! -]+(?:please |just |let'?s |we should |i (?:want|meant?) (?:you )?to )*"
        r"(?:use|keep|drop|remove|go with|switch to|don'?t|do not|leave|make it|stick (?:with|to)|undo|revert)\b",
        _TO_AN_AGENT,
    ),
    _phrase(
        "corrected", 0.7, "use",
        r"\b(?:don'?t|do not|stop|never|no longer) us(?:e|ing) [^.;,\n]{2,60}[.;,] ?(?:instead )?use\b",
    ),
    _phrase(
        "corrected", 0.65, "instead", r"(?:\bshould|\bplease|\bjust|^)\W*use (?=[^.;?\n]{2,80}\binstead\b)", _TO_AN_AGENT
    ),
    _phrase(
        "corrected", 0.6, "instead of",
        r"\binstead of [^.;,?\n]{2,60}, ?(?:please |just |we |let'?s |i want to )*(?:use|do|have|make)\b",
    ),
    _phrase(
        "picked", 0.75, "option ",
        r"^(?:(?:yes|yep|yup|ok|okay|sure|great|perfect|right|good)[\s.,…:!-]+)*(?:please )?(?:let'?s )?"
        r"(?:go with|do|pick|choose|take|implement|apply|use|i prefer|i like)? ?option [a-z0-9]\b(?! ?\?)",
        _TO_AN_AGENT,
    ),
    _phrase(
        "picked", 0.6, "ye|yup|ok|sure|great",
        r"^(?:yes|yep|yup|ok|okay|sure|great)[\s.,…:!-]+(?:please )?(?:use|go with|keep) (?=\S+ \S+)",
        _TO_AN_AGENT,
    ),
    _phrase(
        "ordered", 0.6, "use|keep|switch to|stick |avoid|prefer|drop",
        r"^(?:please |and |also |but |then |now |just |so )*(?:(?:always|never) )?"
        r"(?:use|keep|switch to|stick (?:with|to)|avoid|prefer|drop)(?= )",
        _TO_AN_AGENT,
    ),
    _phrase(
        "refused", 0.55, "don|do not|never",
        r"^(?:please |and |also |but |then |now |just |so |no[,.]? ?|i )*(?:don'?t|do not|never) " + _REFUSING,
        _TO_AN_AGENT,
    ),
    _phrase(
        "preferred", 0.6, "rather|prefer",
        r"\bi(?:'d| would) (?:much |strongly )?(?:rather|prefer)(?: (?:to|that|if|we)\b)*|\bi prefer(?: to)?\b",
    ),
    _phrase("preferred", 0.6, "where my head|gets my vote", r"\b(?:is where my head'?s at|gets my vote)"),
    _phrase(
        "suggested", 0.5, "propos|suggest|recommend|preference|vote|move|the plan|the idea",
        r"\b(?:i(?:'d| would)? (?:propose|suggest|recommend|move|vote)(?: (?:that|to|we|for)\b)+"
        r"|my (?:proposal|suggestion|recommendation|preference|vote) (?:is|would be|was)(?: (?:that|to))?"
        r"|the (?:plan|proposal) (?:now )?is to)\b",
    ),
    _phrase("suggested", 0.5, "we should|we ought|we might", _WE_SHOULD + r"(?:" + _CHOOSING + r"|not )"),
    _phrase("suggested", 0.42, "we could|we can", _WE_COULD + _CHOOSING),
    _phrase("asked", 0.45, " we ", r"\b(?:how about|what about|what if|why don'?t) we " + _ADVERBS + r"(?:just )?\w+"),
    _phrase(
        "asked", 0.45, "should we|shall we|can we|could we|should i|shall i",
        r"\b(?:should|shall|can|could) (?:we|i) " + _ADVERBS + _CHOOSING,
    ),
)  # fmt: skip
_DOUBT_BEFORE = re.compile(
    r"\b(?:if|whether|unless|suppose|assuming|in case|did|didn'?t|haven'?t|hasn'?t|hadn'?t|never|not sure|don'?t know"
    r"|wonder(?:ing)?|why|when|until|till|before|once|after|since|because|where|imagine|let'?s say|wouldn'?t|shouldn'?t"
    r"|remember (?:what|how)|which|what|he said|she said|they said|not)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_RELATIVE_BEFORE = re.compile(r"(?:\b(?:who|the day|like|as|how)|(?<!think )(?<!agree )(?<!so )\bthat) $", re.IGNORECASE)
_CLAUSE_BREAK = re.compile(r"[,;:.!?…]|\s[–—-]+\s|\b(?:then|so|but)\b")
_AGENDA = re.compile(
    r"[\s…,]*(?:(?:keep|use|have|make) )?(?:it |this |that |things |everything |all of (?:this|that) )?(?:(?:a|one|another) (?:look|minute|second|sec|moment"
    r"|break)|all the wheels|going|moving|following|discussing|working|in mind|in touch|it (?:short|brief|quick|there|at that)|you posted|sure|quiet|to the next|track|up"
    r"|updates?|my update|the (?:next|first|last) (?:item|topic|point|one|slide)|a (?:call|chat|meeting)|fun|lunch)\b",
    re.IGNORECASE,
)
_TAG_QUESTION = re.compile(r",\s*(?:right|okay|ok|yeah|no|correct|isn't it|don't we|shall we)\?$", re.IGNORECASE)
_QUOTING = re.compile(r"```(?s:.)*?(?:```|\Z)|^[ \t]*>.*$|^(?: {4}|\t)\S.*$", re.MULTILINE)
_OFFERS = frozenset({"asked", "suggested", "preferred"})


def cues(draft: Draft) -> Draft:
    """The draft with the cues of its session in order, at most one a sentence: the weightiest.

    A session whose persons do not speak English gets none, and a note that says so.
    """
    session = draft.session
    spoken = [utterance for utterance in session.utterances if _is_talk(utterance, session)]
    if not spoken:
        return replace(draft, cues=())
    if not _is_english(spoken):
        notes = session.notes if NOT_ENGLISH in session.notes else (*session.notes, NOT_ENGLISH)
        return replace(draft, session=replace(session, notes=notes), cues=())
    return replace(draft, cues=tuple(cue for utterance in spoken for cue in _cues_of(utterance, session.kind)))


def _is_talk(utterance: Utterance, session: Session) -> bool:
    if utterance.role != "person" or session.kind == "decision_record":
        return False
    if session.kind == "agent_session" and len(utterance.text) > _LONGEST_PERSON_TEXT:
        return False
    return not (utterance.speaker or "").endswith("[bot]")


def _is_english(spoken: list[Utterance]) -> bool:
    words: Counter[bool] = Counter()
    for utterance in spoken:
        words.update(word.lower() in _ENGLISH for word in _WORD.findall(utterance.text.replace("’", "'")))
        if words.total() > 2_000:
            break
    if words.total() < _ENOUGH_WORDS:
        return words[True] > 0 or all(utterance.text.isascii() for utterance in spoken)
    return words[True] >= _ENGLISH_SHARE * words.total()


def _cues_of(utterance: Utterance, kind: str) -> Iterator[Cue]:
    text = utterance.text.replace("’", "'")
    lowered = text.lower()
    phrases = [one for one in _PHRASES if kind in one.kinds and any(sign in lowered for sign in one.signs)]
    if not phrases:
        return
    quoted = _not_said(text) if kind != "meeting" else ()
    for start, end in sentences(text):
        if any(first < end and start < last for first, last in quoted):
            continue
        if found := list(_sentence_cues(utterance, text[start:end], start, phrases)):
            yield max(found, key=lambda cue: (cue.weight, cue.span.start_char))


def _sentence_cues(utterance: Utterance, sentence: str, start: int, phrases: list[_Phrase]) -> Iterator[Cue]:
    is_question = sentence.endswith("?") and not _TAG_QUESTION.search(sentence)
    for phrase in phrases:
        if is_question and phrase.name not in _OFFERS:
            continue
        for match in phrase.pattern.finditer(sentence):
            if phrase.name == "asked" and not sentence.endswith("?"):
                continue
            if _is_doubtful(sentence[: match.start()], phrase.name) or _AGENDA.match(sentence, match.end()):
                continue
            yield Cue(phrase.name, span(utterance, start + match.start(), start + match.end()), phrase.weight)


def _is_doubtful(before: str, name: str) -> bool:
    """Whether the clause up to a cue makes it a condition, a question, a report or a negation."""
    if name != "decided" and _RELATIVE_BEFORE.search(before):
        return True
    breaks = list(_CLAUSE_BREAK.finditer(before))
    clause = before[breaks[-1].end() :] if breaks else before
    return bool(_DOUBT_BEFORE.search(clause + (" " if clause and not clause.endswith(" ") else "")))


def _not_said(text: str) -> tuple[tuple[int, int], ...]:
    """Stretches of a written message that quote: fenced or indented code, and lines that begin with `>`."""
    if "```" not in text and ">" not in text and "    " not in text and "\t" not in text:
        return ()
    return tuple(found.span() for found in _QUOTING.finditer(text))
