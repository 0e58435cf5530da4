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
_NOT_BEFORE = re.compile(
    r"\b(?:(?:do|does|did|wo|would|should|ca|could|is|are)n['’]?t|not|never|no longer|cannot)\s+"
    rf"(?:(?:just|also|even|really|want to|need to|have to|going to)\s+){{0,3}}(?:{_VERB}\s+)?"
    r"(?:(?:the|an?|any|our|my|this|that|these|those|in|on|with|for|to)\s+){0,2}$",
    re.IGNORECASE,
)
"""The "not" of a stretch, whose verb and article the subject left out: "never store" before "card numbers"."""
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
_PARTICLE = re.compile(r"(?:out|off|up|down|back|away|aside)\s+(?=\S)", re.IGNORECASE)
_LABEL = re.compile(r"\W{0,3}\*\*(?P<label>[^*\n]{4,60}?)(?::\*\*|\*\*\s*(?:[:—–]|\s-\s))")
_NO_LABEL = re.compile(
    r"\b(?:approach|option|recommendation|fix|answer|decision|solution|suggestion|conclusion|result|summary|verdict"
    r"|proposal|plan|note|problem|issue|cause|change|next|step|phase|part|why|what|how|yes|no|done|status)\b",
    re.IGNORECASE,
)
_CELLS = re.compile(r"^\s*\|(?:[\s\d.#*-]*\|)*\s*")
_ASSENT = re.compile(
    r"(?:(?:you['’]?re (?:absolutely |totally )?right|good (?:point|catch|call|idea)|yup|agreed|exactly|fair enough"
    r"|makes sense)\b[\s,.;:!—–-]*)+",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"(?:(?:i|we)['’](?:ll|ve|d)|(?:i['’]?m|we['’]?re|i am|we are) going to|let['’]?s|let (?:me|us)|i|we|you)\s+"
    r"(?:(?:will|would|should|can|could|need to|have to|want to|think (?:we|i) (?:should|can)|decided to|chose to|just"
    r"|also|now|then|simply)\s+)*"
    r"(?!(?:am|are|is|was|were|have|had|do|did|don['’]?t|not|can|may|might|must|think|agree)\b)(?=\S)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:the|an?)\s+(?=\S)", re.IGNORECASE)
_HEAD = re.compile(r"(?P<head>[^.:`]{3,40}[.:])\s+(?=\S)")
_CONDITION = re.compile(r"(?:since|if|because|although|while|when|as)\b[^,]{4,120},\s+(?=\S)", re.IGNORECASE)
_CLAUSE_END = re.compile(r"\s[—–-]+\s|[;:,.]\s|\s\(|\s\|\s|\s(?:so that|because|'?cause|since|which|when|where)\s")
_WHY = re.compile(r"[,;]? (?:because|'?cause|so that)\b|(?:[,;]| [—–-]+) (?:we|it|they|that|there|i|since)\b")
_SHORTEST_CLAUSE = 20
_END_OF_PICK = re.compile(r",? (?:it is(?: then)?|then)$", re.IGNORECASE)
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


def headline(about: str, quote: str, *, is_declined: bool = False) -> str:
    """A subject as people read it: without who speaks, cut where a clause ends, or with a mark; at most 80 characters.

    `about`: what `subject` made of words in `quote`. Where that is the sentence itself, its label is the headline. A
    "not" before it stays, but where `is_declined` says it.
    """
    plain = " ".join(quote.replace("**", "").split())
    if (at := plain.find(about[:_SHORTEST_CLAUSE])) < 0:
        return about
    if label := _label(quote):
        return label
    if not plain[:at].strip() or _LEADING.fullmatch(plain[:at]):
        text = _CELLS.sub("", plain)
        if (head := _HEAD.match(text)) and _NO_LABEL.search(head["head"]):
            text = text[head.end() :]
        for opening in (_ASSENT, OPENING, _CONDITION, _WHO, _ARTICLE):
            if (found := opening.match(text)) and len(content_words(text[found.end() :])) > 1:
                text = text[found.end() :]
    else:
        negation = None if is_declined else _NOT_BEFORE.search(plain[:at])
        start = negation.start() if negation else at
        text = plain[start : at + len(about)] if len(about) < _LONGEST - _SHORTEST_CLAUSE else plain[start:]
        why = _WHY.search(text)
        text = text[: why.start()] if why and content_words(text[: why.start()]) else text
    return _cut(text)


def _label(quote: str) -> str | None:
    """What a sentence is headed by in bold, where that says what it is about."""
    found = _LABEL.match(quote)
    if found is None or _NO_LABEL.search(found["label"]) or len(content_words(found["label"])) < 2:
        return None
    return folded(found["label"], limit=_LONGEST)


def _cut(text: str) -> str:
    """At most 80 characters: up to the last clause that ends there, else up to a word, with a mark."""
    if len(text) <= _LONGEST:
        return _END_OF_PICK.sub("", text.rstrip(" ,.;:…–—-"))
    ends = [one.start() for one in _CLAUSE_END.finditer(text, _SHORTEST_CLAUSE, _LONGEST + 2)]
    whole = [end for end in ends if text.count("`", 0, end) % 2 == 0]
    if whole:
        return _TRAILING.sub("", text[: whole[-1]])
    short = folded(text, limit=_LONGEST - 1)
    if short.count("`") % 2:
        short = short[: short.rfind("`")] if short.rfind("`") > _SHORTEST_CLAUSE else short
    return f"{_TRAILING.sub('', short)}…"


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
    verb = _LEADING_VERB.match(untimed)
    behind = untimed[verb.end() :] if verb else ""
    if particle := _PARTICLE.match(behind):
        behind = behind[particle.end() :]
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
