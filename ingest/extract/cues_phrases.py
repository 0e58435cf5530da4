"""The phrases that announce a decision, as a table: name, weight, signs, pattern, kinds of session.

Weights are judgements, checked by reading what they find in real calls and agent sessions; 0.55 alone is enough to be
kept (`propose.THRESHOLD`), less needs agreement or a reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.extract.cues_things import AMOUNT, FINDS, NO_SUCH, PERCEIVE, TALKED_OF, THINGS

_ADVERBS = (
    r"(?:(?:just|also|all|then|now|definitely|completely|simply|please|probably|still|totally|already|always|instead"
    r"|maybe|basically|rather|really|kind of|at least|for now|right now|only|uh|um|go ahead and|like)[ ,]+)*"
)
_LETS = r"\blet(?:'?s| us)[ ,]+" + _ADVERBS
_WE_WILL = (
    r"\b(?:we(?:'ll| will|'re going to| are going to|'re gonna| are gonna| gonna)|i think we(?:'ll| will)) " + _ADVERBS
)
_WE_SHOULD = r"\b(?:i think )?we (?:should|ought to|might as well) " + _ADVERBS
_WE_COULD = r"\b(?:i think )?we (?:could|can) " + _ADVERBS
DEFERRING = (
    r"(?:defer|postpone|delay|table|park|shelve|put off|hold off(?: on| with)?|push (?:back|off|out)"
    r"|wait (?:until|till|with|on))"
)
"""Verbs that put a thing off: they take it up as little as they refuse it."""
_CHOOSING = (
    rf"(?:{DEFERRING}|use|keep|drop|remove|adopt|pick|choose|lock in|replace|allow|forbid|deprecate|target"
    r"|avoid|disable|enable|ship|revert|reuse|rename|standardi[sz]e on|default to|switch(?: over)? to"
    r"|migrate to|aim for"
    r"|settle (?:on|for)|stick (?:with|to)|stay (?:with|on|at)|stop \w+ing|get rid of|opt for|rely on|start using"
    r"|go (?:ahead )?with|go for|go back to using|limit|cap|leave out|merge"
    r"|skip(?! to)|split)\b"
)
_CHOOSING_LATER = (
    rf"(?:{DEFERRING}|use|keep|drop|remove|adopt|lock in|replace|deprecate|target|avoid|ship|revert|reuse"
    r"|standardi[sz]e on|default to|switch(?: over)? to|migrate to|settle (?:on|for)|stick (?:with|to)"
    r"|stay (?:with|on|at)"
    r"|get rid of|opt for|go (?:ahead )?with|go for|skip(?! to| over)|build)\b"
)
_CHANGING = (
    r"(?:make|have|move(?! (?:on|forward|ahead)\b)|leave|put|set|add|store|treat|run|support|build|call|do|implement"
    r"|apply|default)\b"
)
_REFUSING = (
    r"(?:use|keep|add|allow|push|remove|drop|change|store|hard-?code|rely|support|create|put|mix|make|do|build"
    r"|merge|ship"
    r"|touch|include|have(?! to)|go|bother with|block|want to|introduce|over-?engineer)\b"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A way to announce a decision: the cue's name and weight, and the kinds of session it announces one in."""

    name: str
    weight: float
    signs: tuple[str, ...]
    """It can only occur where one of these does, in lower case: trying 30 patterns a sentence is slow."""
    pattern: re.Pattern[str]
    kinds: frozenset[str]


_TALK = "meeting agent_session pull_request chat issue mail"


def _phrase(name: str, weight: float, signs: str, pattern: str, kinds: str = _TALK) -> Phrase:
    return Phrase(name, weight, tuple(signs.split("|")), re.compile(pattern, re.IGNORECASE), frozenset(kinds.split()))


_TO_AN_AGENT = "agent_session"
_AGREEABLY = (
    r"(?:(?:ok(?:ay)?|right|so|fine|al(?:l )?right|well|good|great|agreed|true|fair enough|perfect|yes|yeah|cool"
    r"|sure|and|but|then)\b[,.! ]*+)*"
)
CHOSEN = re.compile(
    rf"^{_AGREEABLY}(?P<what>[\w`'./+#-]+(?: [\w`'./+#-]+){{0,5}}?),? (?:it is(?: then)?[.!,;]*$|then(?:[.!,;]*$"
    r"|(?P<reason>,? (?:so that|because|since) \w.*)))",
    re.IGNORECASE,
)
"""Somebody's option named once more, and no word beside it: "Redis then.", "the outbox it is"; or with its reason."""
_FEW_WORDS = r"[\w`'./+#-]+(?: [\w`'./+#-]+){0,4}"
PHRASES: tuple[Phrase, ...] = (
    _phrase(
        "decided", 0.85, "decided|agreed|settled|concluded|opted|chose",
        r"(?<!have )(?<!had )(?<!did )(?<!do )\b(?:we|i)(?:'ve| have|'d)? (?:all |just |already |now |also "
        r"|then |basically |finally |kind of |sort of )*"
        r"(?:decided|agreed|settled|concluded|opted|chose)(?: (?:to|on|that|not to|against|for|we)\b)",
    ),
    _phrase(
        "decided", 0.75, "chose|picked|selected",
        r"\b(?:we|i)(?:'ve| have)? (?:chosen?|picked|selected) (?!up\b)"
        r"(?=[^.;?\n]{2,60} (?:over|instead of|rather than|because|so that|due to)\b)",
    ),
    _phrase(
        "decided", 0.65, "chose|selected|went with|gone with",
        r"^(?:so |ok(?:ay)?,? |and |yes,? |yeah,? )*(?:we|the team)(?:'ve| have)? "
        r"(?:chosen?|selected|went with|gone with) "
        r"(?!to\b|not\b|a (?:few|lot|couple)\b|(?:it|this|that|them|these|those)\b)",
    ),
    _phrase(
        "decided", 0.85, "decision|decided|agree|consensus|final answer",
        r"\b(?:(?:the|our|my) (?:final |group )?decision (?:is|was)|it (?:was|has been|is) (?:decided|agreed)"
        r"|final answer:?"
        r"|decision:(?= *\w)|(?:we're|we are) (?:all )?(?:agreed|in agreement)|everyone (?:agrees|agreed)"
        r"|(?:(?:the|rough|our) )+consensus (?:is|was|seems to be)|what we(?:'ve| have)? decided is)(?: (?:that"
        r"|to|on))?(?:\b|(?<=:))",
    ),
    _phrase(
        "decided", 0.8, "agreed",
        r"^(?:yeah |yes |ok(?:ay)? |so )*agreed[,:–-]+ (?:so |then )*(?:we (?="
        + _CHOOSING + r")|we(?: will|'ll| are going to| should) (?=" + _CHOOSING + r"|" + _CHANGING + r")"
        r"|(?=let(?:'s| us) (?!see|talk|move on|look|discuss)|(?:use|keep|drop)\b))",
    ),
    _phrase(
        "decided", 0.8, "settles it",
        rf"\bthat settles it\b[,.:;! –-]*(?:so |then )*(?=we\b|it(?:'?s| is) (?:{THINGS}|(?-i:[A-Z\d])))",
        "meeting pull_request chat",
    ),
    _phrase(
        "decided", 0.6, "then it",
        rf"^{_AGREEABLY}then it(?:'s|'ll be| is| will be) {THINGS}", "meeting pull_request chat",
    ),
    _phrase(
        "adopted", 0.8, "let",
        _LETS + r"(?:go (?:ahead )?with|stick (?:with|to)|settle (?:on|for)|lock in|stay (?:with|on))\b",
    ),
    _phrase(
        "adopted", 0.8, "going with|going ahead with|going for|gone for|went for|gone with|staying|sticking",
        r"\b(?:we're|we are|i'm|i am) (?:definitely |just |all )?(?:going (?:ahead with|with|for)"
        rf"|(?:staying|sticking) (?:with(?! (?:my|his|her|their|friends|family|you|them|him)\b)|on|at(?= {AMOUNT})))\b"
        r"|\bwe(?:'ve| have)? (?:just |finally )?(?:gone|went) (?:with|for)\b|^(?:ok(?:ay)?[, ]+|so )?going with\b",
    ),
    _phrase("adopted", 0.7, "let", _LETS + _CHOOSING),
    _phrase("adopted", 0.55, "let", _LETS + _CHANGING, _TO_AN_AGENT),
    _phrase(
        "suggested", 0.6, "i think we",
        r"\bi think we should " + _ADVERBS + r"(?!look|talk|check|discuss|see|investigate|ask|not\b)\w+", _TO_AN_AGENT,
    ),
    _phrase("referred", 0.6, "let", r"^(?:\W*(?:ok(?:ay)?|yeah|yes|so|great|cool|all right|alright|perfect)\b)*\W*"
            r"let(?:'?s| us) (?:just )?(?:do|go with|use|take|keep) (?:that|it|this)(?: one| then)?\W*$"),
    _phrase(
        "adopted", 0.45, "let", _LETS + r"(?:make|have|set|store|treat|call|leave|define|count"
        r"|do(?! (?:that|this|it|the|a|one more|another)\b))\b",
        "meeting pull_request"
    ),
    _phrase(
        "adopted", 0.65, "we can|we could", r"\bwe (?:can|could) " + _ADVERBS + r"(?:go ahead with|lock in)\b"
    ),
    _phrase("adopted", 0.62, "we'll|we will|we're g|we are g|gonna", _WE_WILL + _CHOOSING_LATER),
    _phrase(
        "adopted", 0.42, "we'll|we will|we're g|we are g|gonna",
        _WE_WILL + r"(?:have|make|put|include|add|set|leave|move|do without|define|count|treat)\b(?! to\b)",
        "meeting pull_request",
    ),
    _phrase(
        "adopted",
        0.56,
        "go ahead and",
        r"\b(?:we'll|we will|let(?:'?s| us)|we can) (?:just )?go ahead and "
        r"(?!get|move|wrap|continue|give|let|look|see|talk|say|start|begin|check|jump|kick"
        r"|close|end)\w+",
        "meeting pull_request",
    ),
    _phrase(
        "adopted", 0.58, "for |starting|from|as of|until",
        rf"^{_AGREEABLY}(?:for (?:this|the next|next|now)(?: \w+)?"
        r"|(?:starting|from(?! (?:here|there|experience|memory)\b)|as of) (?:next )?\w+"
        r"|until (?!(?:now|recently|today|then|yesterday|last \w+),? we)[\w ]{2,30}),? we"
        r" (?:take|keep|drop|use|stay|stick|go with|buy|stop|freeze|pin)\b",
        "meeting pull_request chat",
    ),
    _phrase(
        "adopted", 0.5, "so the|so our",
        r",? so (?:the|our) [\w -]{2,40} will be (?!a problem|done|fine|ready|late|there)\b",
        "meeting pull_request chat",
    ),
    _phrase(
        "decided", 0.62, "i'm|i am",
        r"\bi(?:'m| am) (?:lowering|raising|changing|switching|dropping|removing|keeping|moving|renaming|leaving) "
        rf"(?!{TALKED_OF})"
        r"(?=[^.;?\n]{2,80}\b(?:because|so that|since|otherwise)\b)",
        "pull_request",
    ),
    _phrase(
        "decided", 0.65, "rather than",
        r"\bwe (?!\w+ly\b|just|also|all|only|still|even|always|never|would|could|should|might|may|can|had|have|were|are"
        rf"|did|do|don'?t|didn'?t|will|need|want|talk|say|see|saw|(?:{FINDS})\b)"
        r"[a-z]{3,} (?=[^.;?\n]{2,60} rather than \w)",
        "meeting pull_request chat",
    ),
    _phrase("adopted", 0.6, "from now on", r"\bfrom now on,?", "agent_session pull_request"),
    _phrase(
        "declined", 0.7, "let",
        _LETS + r"not " + _ADVERBS + r"(?!forget|worry|get|rush|panic|spend|talk|discuss|go (?:there|into|over|down)"
        r"|be |kid|waste|jump|lose|assume|do (?:that|this|it)\b)\w+",
    ),
    _phrase(
        "declined", 0.6, "no ",
        rf"^{_AGREEABLY}{NO_SUCH}(?={_FEW_WORDS}(?:[,;]| [–—-]+)? (?:because|'?cause|since|otherwise|we(?! {PERCEIVE})"
        r"|it|it's|that|that's|they|there)\b)",
    ),
    _phrase("declined", 0.5, "no ", rf"^{_AGREEABLY}so {NO_SUCH}(?={_FEW_WORDS}[.,])", "meeting"),
    _phrase("declined", 0.65, "let", _LETS + r"(?:forget about|rule out|scrap|ditch)\b"),
    _phrase(
        "declined", 0.6, "we're not|we are not|we won't|we will not",
        r"\bwe(?:'re not going to| are not going to|'re not gonna| won't| will not) (?!have|go and"
        r"|just)" + _ADVERBS + _REFUSING,
    ),
    _phrase(
        "declined", 0.45, "we're not|we are not", r"\bwe(?:'re| are) not (?:going to|gonna) have(?! to| that many)\b"
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
        "corrected", 0.65, "instead", r"(?:\bshould|\bplease|\bjust"
            r"|^)\W*use (?=[^.;?\n]{2,80}\binstead\b)", _TO_AN_AGENT
    ),
    _phrase(
        "corrected", 0.6, "instead of",
        r"\binstead of [^.;,?\n]{2,60}, ?(?:please |just |let'?s |i want to )*(?:use|do|have|make)\b",
    ),
    _phrase(
        "picked", 0.85, "option ",
        r"^(?:(?:yes|yep|yup|ok|okay|sure|great|perfect|right|good)[\s.,…:!-]+)*(?:please )?"
        r"(?:let'?s |i(?:'ll| will)? )?(?:go with|went with|do|pick|choose|take|implement|apply|use|i prefer|i like)?"
        r" ?option [a-z0-9]\b(?! ?\?)",
        _TO_AN_AGENT,
    ),
    _phrase(
        "picked", 0.6, "ye|yup|ok|sure|great",
        r"^(?:yes|yep|yup|ok|okay|sure|great)[\s.,…:!-]+(?:please )?(?:use|go with|keep) (?=\S+ \S+)",
        _TO_AN_AGENT,
    ),
    Phrase("chosen", 0.75, ("it is", "then"), CHOSEN, frozenset(("meeting", "agent_session", "pull_request", "chat"))),
    _phrase(
        "ordered", 0.6, "use|keep|switch to|stick |avoid|prefer|drop",
        r"^(?:please |and |also |but |then |now |just |so )*(?:(?:always|never) )?"
        r"(?:use|keep|switch to|stick (?:with|to)|avoid|prefer|drop)(?= )",
        _TO_AN_AGENT,
    ),
    _phrase(
        "ordered", 0.65, "do the|use the|take the|with the|for the",
        rf"^{_AGREEABLY}(?:please )?(?:do|use|take|go (?:with|for)) (?=the (?:[\w`./-]+ ){{1,3}}"
        r"(?:thing|one|option|approach|way|version|route|variant|fix|solution)\b)",
        _TO_AN_AGENT,
    ),
    _phrase(
        "refused", 0.55, "don|do not|never",
        r"^(?:please |and |also |but |then |now |just |so |no[,.]? ?|i )*(?:don'?t|do not|never) " + _REFUSING,
        _TO_AN_AGENT,
    ),
    _phrase(
        "preferred", 0.6, "rather|prefer",
        r"\bi(?:'d| would) (?:much |strongly )?(?:rather|prefer)(?! (?:say|hear|know|see))(?: (?:to|that|if"
        r"|we)\b)*|\bi prefer(?: to)?\b",
    ),
    _phrase("preferred", 0.6, "where my head|gets my vote", r"\b(?:is where my head'?s at|gets my vote)"),
    _phrase(
        "suggested", 0.5, "propos|suggest|recommend|preference|vote|move|the plan|the idea",
        r"\b(?:i(?:'d| would)? (?:propose|suggest|recommend|move|vote)(?: (?:that|to|we|for)\b)+"
        r"|my (?:proposal|suggestion|recommendation|preference|vote) (?:is|would be|was)(?: (?:that|to))?"
        r"|the (?:plan|proposal) (?:now )?is to)\b",
    ),
    _phrase("suggested", 0.5, "we should|we ought|we might", _WE_SHOULD + r"(?:" + _CHOOSING + r"|not )"),
    _phrase(
        "suggested", 0.4, "we should|we ought|we might",
        _WE_SHOULD + r"(?:have|make|do|put|include|add|set|leave|move|focus on|aim|try|go)\b", "meeting pull_request",
    ),
    _phrase("suggested", 0.42, "we could|we can", _WE_COULD + _CHOOSING),
    _phrase("stated", 0.45, "we ", r"^(?:(?:ok(?:ay)?|so|then|right|alright|all right|good|great|fine|and)\b[, ]+)+we "
        r"(?:keep|drop|stay (?:with|on|at)|stick (?:with|to)|go with|switch to|cap|limit|leave out|skip)\b",
        "meeting"),
    _phrase("opposed", 0.5, "think we|think i", r"\bi (?:don'?t|do not) (?:really |actually )?think (?:that )?"
        r"(?:we|i|it|that) (?:should|ought to|need to) (?:use|adopt|go with|switch to|keep|add|build|drop|remove"
        r"|migrate to"
        r"|move to|allow|support|introduce|ship|merge)\b"),
    _phrase("suggested", 0.42, "want", r"\bi (?:do |really |still )?want (?:us )?to (?:keep|drop|use|log|cap|limit"
    r"|store"
        r"|enforce|require|adopt)\b", "meeting pull_request"),
    _phrase("asked", 0.45, " we ", r"\b(?:how about|what about|what if|why don'?t) we " + _ADVERBS + r"(?:just )?\w+"),
    _phrase(
        "asked", 0.45, "should we|shall we|can we|could we|should i|shall i",
        r"\b(?:should|shall|can|could) (?:we|i) " + _ADVERBS + _CHOOSING,
    ),
)  # fmt: skip
ACCEPTED = _phrase(
    "accepted",
    0.6,
    "ye|yup|ok|sure|good|go ahead|do it|perfect|agreed|great",
    r"\s*(?:(?:yes|yep|yup|ok(?:ay)?|sure|sounds good|go ahead|do it|perfect|agreed|great|good|please|and|with|the"
    r"|i agree|go for it|do that|implement it|apply it|let'?s do (?:it|that)|that (?:way|works|sounds good)"
    r"|your (?:recommendation|suggestion|plan|proposal))\b[\s.,!…-]*)+$",
    _TO_AN_AGENT,
)
"""A bare yes: only as a whole message, to an agent, does it take up what was advised."""
LISTED = _phrase("listed", 0.75, "", r"\W*(?:\w+\W+){0,5}option\b", _TO_AN_AGENT)
"""An answer that opens with letters or numbers of a list; one that says "option" is `picked`."""
ANSWERED = _phrase("answered", 0.75, "", r"", _TO_AN_AGENT)
"""An answer by number to a question the agent asked by number."""
