"""What a choice is about as a short noun phrase: its object without verb, negation, time and the option not taken."""

from __future__ import annotations

import re

from ingest.extract.propose_words import OPENING, content_words, is_pronoun
from ingest.text import folded

_LONGEST = 80
_FILLER = re.compile(r"\b(?:uh+|um+|you know|i mean)\b[, ]*", re.IGNORECASE)
_REPEATED = re.compile(r"\b(\w+)((?:[\s,…]+\1\b)+)", re.IGNORECASE)
_LEADING = re.compile(
    r"(?:[\s,…:'\"–—-]|\b(?:uh+|um+|like|you know|maybe|just|kind of|sort of|to|that|we|us|the|a|an|this|these"
    r"|those|our|my|'re|'ll|'ve|would|will|should|are|is|or|about|for|in|s|going (?:for|with|to)|gonna|go for|be"
    r"|i think"
    r"|it's|want to|(?:previous|last|earlier) (?:call|meeting|session|week)|ahead with|go ahead and|go with|use"
    r"|using|also|really|probably|still|only|with|on|all)\b(?!['-]))+",
    re.IGNORECASE,
)
_POINTER = re.compile(r"\b(?:the|this|that|these|those)\s+$", re.IGNORECASE)
_TRAILING = re.compile(
    r"(?:[\s,.…!?:;'\"–—-]|\b(?:uh+|um+|you know|right|okay|then|too|please|though|and|or|so|the|a|to|of|i think"
    r"|i guess"
    r"|with|for now|(?:right |just )?now|yeah|in that case|like|instead|as well|either|also|again|anyway|later"
    r"|altogether"
    r"|entirely|completely|at all|at the moment|for the time being|for good|for later|from now on"
    r"|as (?:discussed|agreed|planned|usual|before|always|is|it (?:is|was)|they are))\b)+$",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\s*(?:(?:that|we|i|it|to|will|should|would|do|are|is|going) )*(?:not|never|no longer|against|cannot"
    r"|(?:wo|should|would|do|are|is|ca)n?['’]?t)\b\s*(?:going )?(?:to )?"
    r"(?:(?:think|believe) (?:that )?(?:(?:we|you|i) (?:should|need(?: to)?|want(?: to)?|have to|ought to) )?)?",
    re.IGNORECASE,
)
_VERB = (
    r"(?:(?:start|stop|begin|go ahead and|continue|want(?:ing)? to|try(?:ing)? to) (?:to )?)?"
    r"(?:us(?:e|ing)|keep(?:ing)?|drop(?:ping)?|remov(?:e|ing)|adopt(?:ing)?|pick(?:ing)?|choos(?:e|ing)|replac(?:e"
    r"|ing)"
    r"|creat(?:e|ing)|add(?:ing)?|mak(?:e|ing)|hav(?:e|ing)|set(?:ting)?(?: up)?|stor(?:e|ing)|treat(?:ing)?"
    r"|mov(?:e|ing)(?: to)?|put(?:ting)?|do(?:ing)?|build(?:ing)?|run(?:ning)?|leav(?:e|ing)|tun(?:e|ing)"
    r"|(?:go(?:ing)?|stick(?:ing)?|stay(?:ing)?) (?:with|on|to|for)|switch(?:ing)?(?: over)? to|migrat(?:e|ing)(?: to)?"
    r"|get(?:ting)? rid of|defer(?:ring)?|postpon(?:e|ing)|delay(?:ing)?|park(?:ing)?|tabl(?:e|ing)|shelv(?:e|ing)"
    r"|ship(?:ping)?|merg(?:e|ing)|allow(?:ing)?|support(?:ing)?|introduc(?:e|ing)|cap(?:ping)?|limit(?:ing)?"
    r"|implement(?:ing)?|disabl(?:e|ing)|enabl(?:e|ing)|revert(?:ing)?|renam(?:e|ing)|defin(?:e|ing)|log(?:ging)?)"
)
_LEADING_VERB = re.compile(rf"\s*(?:(?:to|just|also|we|i|that|will|'ll|should) )*{_VERB}\s+(?=\S)", re.IGNORECASE)
_AND_VERB = re.compile(rf"(?:,? and(?: then)?| then|,) {_VERB}\s.*$", re.IGNORECASE)
_NOT_TAKEN = re.compile(
    r"(?:,?\s+(?:instead of|rather than|as opposed to|in place of|in favou?r of|and not|but not)|,\s*not"
    r"|\s+over(?=\s+(?-i:[A-Z`])))\s+.*?(?=\s+for\s+(?:the|our|all|every|each|this|now)\b|$)",
    re.IGNORECASE,
)
_UNIT = (
    r"(?:q[1-4]|20\d\d|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|week|month|quarter|sprint|year|release|launch|freeze|weekend|half)"
)
_TIME = re.compile(
    rf"(?:^|,?\s+)(?:(?:until|till)\b.*|(?:by|before|after|starting|from|as of|in|on)\s+(?:(?:the|next|this|early"
    rf"|late|end"
    rf"|of)\s+)*{_UNIT}(?:\s+\d{{1,4}})?(?:\s+on)?|(?:next|this|later this|early next)\s+{_UNIT}|today|tomorrow|tonight"
    r"|some ?day|for the (?:time being|moment)|at the moment)[\s.,!]*$",
    re.IGNORECASE,
)
_JOINED = re.compile(r",| and | then | or ")
_NAMED = re.compile(r"[`\d_/#]|\w[.-]\w|(?!I\b)[A-Z]")


def subject(text: str, *, whole: str = "") -> str:
    """A short phrase for what a stretch is about, at most 80 characters; `whole` folded where none is left.

    A lone word counts only as a name ("polars"), not where it points back ("this restriction").
    """
    plain = _REPEATED.sub(r"\1", _FILLER.sub("", text.replace("**", "")))
    for one in _shorter(plain):
        about, is_pointing = _bare(one)
        if _is_good(about, is_pointing=is_pointing):
            return folded(about, limit=_LONGEST)
    if whole:
        opening = OPENING.match(whole)
        return folded(whole[opening.end() if opening else 0 :].rstrip(" ,.;:!?…"), limit=_LONGEST)
    return folded(_bare(plain)[0], limit=_LONGEST)


def points_back(text: str) -> bool:
    """Whether the object of a clause, behind its verb, only points to something said before: "tune it", "this one"."""
    plain = _FILLER.sub("", text)
    if negation := _NEGATION.match(plain):
        plain = plain[negation.end() :]
    behind = _LEADING_VERB.match(plain)
    stretch = _untimed(plain[behind.end() :] if behind else plain)
    return is_pronoun(stretch.lstrip()) or is_pronoun(_bare(stretch)[0])


def _shorter(plain: str) -> tuple[str, ...]:
    """Forms of a stretch from the barest to the fullest."""
    without = _NEGATION.sub("", plain, count=1) if _NEGATION.match(plain) else plain
    untimed = _untimed(_NOT_TAKEN.sub("", without))
    behind = _LEADING_VERB.sub("", untimed, count=1) if _LEADING_VERB.match(untimed) else ""
    if not behind:
        return _AND_VERB.sub("", untimed), untimed
    alone = _AND_VERB.sub("", behind)
    first = _JOINED.split(alone, maxsplit=1)[0]
    is_enough = _NAMED.search(first) or len(content_words(first)) > 1
    return (alone, untimed) if is_enough else (untimed,)


def _untimed(text: str) -> str:
    """The stretch without closing adverbs and times, however many follow each other."""
    while (shorter := _TIME.sub("", _TRAILING.sub("", text))) != text:
        text = shorter
    return text


def _bare(text: str) -> tuple[str, bool]:
    """The stretch without articles and closing words, and whether what stood before it pointed back."""
    leading = _LEADING.match(text)
    start = leading.end() if leading else 0
    return _TRAILING.sub("", text[start:]), bool(_POINTER.search(text[:start]))


def _is_good(about: str, *, is_pointing: bool) -> bool:
    words = content_words(about)
    if not words:
        return False
    return len(words) > 1 or bool(_NAMED.search(about)) or not is_pointing
