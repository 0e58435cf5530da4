"""Part of the decision-record reader: what kind of sentence a sentence is, by its own words.

These tests read records, where a heading or a log already says that decisions stand there; each prefers to say no.
"""

from __future__ import annotations

import re

from ingest.prose import gives_reason

_WE = (
    r"(?<!\bif )(?<!\bwhen )(?<!\bwhether )(?<!\bwhat )(?<!\bhow )(?<!\bwhich )(?<!\bwhy )(?<!\buntil )(?<!\bbefore )"
    r"(?<!\bwhere )(?<!\bunless )\b(?:we|the team|our team)"
)
_ADVERBS = r"(?:(?:therefore|thus|hence|now|also|only|always|never|instead|deliberately|\w+ly)\s+){0,2}"
_ACTS = (
    r"(?:add|adopt|allow|apply|avoid|become|change|combine|configure|convert|copy|create|define|deploy|deprecate|disable"
    r"|enable|expose|extend|hide|host|implement|include|introduce|keep|make|migrate|move|offer|prefer|provide|publish"
    r"|reject|relicense|remove|rename|replace|require|restrict|retain|reuse|send|ship|stop|switch|transform|treat"
    r"|upgrade|use|write)"
)
_NOUNS_TOO = (
    r"(?:build|cache|cap|count|drop|limit|load|log|order|put|read|record|release|report|run|set|split|start|store"
    r"|support|test)"
)
"""Orders only before a determiner: `Store all amounts`, but not `Store managers`."""
_ORDER = re.compile(
    rf"[*_]{{0,2}}(?:{_ACTS}(?![\w-])(?! of\b| cases?\b)|(?:do not|don['’]t|never) [a-z]"
    rf"|{_NOUNS_TOO}\s+(?:the|an?|all|every|each|our|its|no|only|one|both)\b"
    r"|the (?:implementation|introduction|addition|removal|adoption|migration|replacement|use) of\b)",
    re.IGNORECASE,
)
_DECIDED = re.compile(
    rf"{_WE}\b(?P<between>[^.;:,]{{0,30}}?)\b(?:decided?|chose|chosen|opted|elected|selected|agreed|settled on"
    r"|went with|go(?:ing)? with)\b"
    r"|\bdecision (?:was|is|has been)\b(?! (?:\w+ )?(?:needed|required|pending|open|documented|described|outlined))"
    r"|\bit (?:was|is|has been) (?:decided|agreed|chosen)\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(r"\b(?:not|never|yet|cannot)\b|n['’]t\b", re.IGNORECASE)
_STILL_TO = re.compile(r"\b(?:will|shall|should|must|can|could|may|might|to)\b|['’]ll\b", re.IGNORECASE)
"""Before `decide`: `we will decide in May` has not decided."""
_WILL = re.compile(
    rf"{_WE}(?:['’]ll|\s+(?:will|shall|should|must|won['’]t|are going to))\s+"
    r"(?!(?:\w+ly\s+)?(?:not\s+)?(?:also\s+|then\s+)?(?:be able|see|lose|need|have to|know|consider|discuss|review"
    r"|revisit|evaluate|investigate|decide|determine|look|focus|distinguish|describe|explain|outline|probably|likely|notice|learn)\b)",
    re.IGNORECASE,
)
_MADE = re.compile(
    rf"{_WE}(?:['’]ve|\s+have)\s+{_ADVERBS}"
    r"(?!(?:been|seen|noticed|observed|experienced|learned|discussed|considered|received|encountered|tried|wanted"
    r"|needed|open|often|even|ten|seven|eleven)\b)"
    r"(?:\w{2,}(?:ed|en)|kept|set|made|built|put|split|left|cut|held|sent|done)\b",
    re.IGNORECASE,
)
_IMPLEMENTED = re.compile(
    r"(?<!\bwhich )(?<!\bthat )\b(?:is|are|was|were|has been|have been)\s+(?:now\s+)?implemented\s+"
    r"(?:as|by|with|using)\b(?! (?:most|many|some|other|each vendor|vendors))",
    re.IGNORECASE,
)
_POINTS_BACK = r"(?:this|that|these|those|it|they|which|there|such)"
_WILL_ACT = re.compile(
    rf"(?!{_POINTS_BACK}\b)[^,;:.]{{2,60}}?\bwill\s+(?:(?:not|no longer|now|only|\w+ly)\s+)?{_ACTS}\b", re.IGNORECASE
)
_MUST = re.compile(
    rf"(?!{_POINTS_BACK}\b)[^,;:.]{{2,60}}?\b(?:will|shall|must|should|won['’]t)\s+(?!fail\b|break\b)", re.IGNORECASE
)
_HABIT = re.compile(rf"{_WE}\s+{_ADVERBS}(?:do not |don['’]t )?(?:{_ACTS}|{_NOUNS_TOO})\b", re.IGNORECASE)

_ITSELF = re.compile(
    r"\W*(?:(?:the )?(?:purpose|aim|goal|scope) of )?(?:in )?(?:"
    r"(?:this|the present|the) (?:ADR|RFC|proposal|(?:(?:architecture|architectural|design) )?decision record)"
    r"|this (?:(?:design )?document|page|section|text|chapter|record)|the following|(?:below|here) (?:is|are|we))\b"
    r"|[^.]*\b(?:throughout|in|by|of) this (?:document|ADR|RFC|decision|record)\b",
    re.IGNORECASE,
)
HELD = re.compile(
    r"\b(?:captures?|documents?|describes?|outlines?|records?|states?|presents?|explains?|contains?|formali[sz]es?"
    r"|sets? out)\s+(?:\w+\s+){0,3}?(?:decision to (?!be\b|make\b|either\b)"
    rf"|(?:solution|plan|proposal) to (?={_ACTS}\b))(?=[a-z])"
    r"|\bproposes? (?:to |that )(?=[a-z])",
    re.IGNORECASE,
)
_SCENE = re.compile(
    r"(?:currently|although|though|while|whilst|even though|historically|previously|until now|so far|originally"
    r"|initially|in the past|today|at (?:the moment|present)|as (?:mentioned|described|discussed|noted|per)"
    r"|there (?:is|are|was|were|has|have)|this|that|these|those|it|they"
    r"|for (?:example|instance|customers|users|those))\b",
    re.IGNORECASE,
)
_POSSIBLE = re.compile(r"\b(?:could|might)\b|\b(?:can|may) be\b[^.]{0,200}\bor\b|\?\s*$", re.IGNORECASE)
_CONCEDES = re.compile(r"(?:although|though|even though|while|whilst)\b[^,]*,\s*", re.IGNORECASE)
_FOR_SOME = re.compile(
    r"(?:however,? |alternatively,? )?(?:(?:if|should|when(?:ever)?) (?:you|your|someone|anyone)"
    r"|for (?:customers|users|those|anyone|people)|to (?:enable|disable|change|override|configure) (?:this|it))\b",
    re.IGNORECASE,
)
_TURNED_DOWN = re.compile(
    r"(?:we|the team) (?:(?:also|first|briefly|originally|initially) )*"
    r"(?:(?:considered|thought about|looked at|discussed|evaluated)\b"
    r"(?! (?:the|its|their) (?:effects?|impacts?|risks?|costs?|implications|consequences|trade-?offs)\b)"
    r"(?=[^.]*\b(?:but|however|because|yet)\b)"
    r"|(?:rejected|ruled out|decided against|turned down|dismissed|discarded)\b)",
    re.IGNORECASE,
)
_NOT_DEFAULT = re.compile(
    r"\b(?:not|isn['’]t|instead of|rather than|unlike) (?:\w+ )?(?:the )?default\b"
    r"|\bnot (?:\w+ )?(?:enabled |on |done )?by default\b|\b(?:off|disabled) by default\b",
    re.IGNORECASE,
)

_RESULT = re.compile(r"(?:as a (?:result|consequence)|consequently|this means(?: that)?)\b(?! of\b)", re.IGNORECASE)
_REFERS = re.compile(
    r"(?:this|these|that|those|it|they|doing so|otherwise|(?:the|our|my) (?:main )?reasons?"
    r"|(?:the|this) (?:approach|choice|option|solution|decision)|we (?:felt|feel|thought|think|believed?|want(?:ed)?"
    r"|did|do not want|don['’]t want|chose|decided|prefer(?:red)?))\b",
    re.IGNORECASE,
)
_OPINION = re.compile(r"(?:since|because)\b[^.]*, we (?:think|thought|felt|feel|believed?)\b", re.IGNORECASE)
_PRAISES = re.compile(
    r"(?:(?:this|that|it|(?:the|this) (?:approach|option|solution|choice))(?: approach| option| solution| choice)?"
    r" (?:is|was|were|seem(?:s|ed)|felt|has been)"
    r"|we (?:felt|feel|thought|think|believed?|found)\b[^.,]{0,40}?\b(?:is|was))"
    r"(?! not\b|n['’]t\b)\b[^.]{0,40}?"
    r"\b(?:simple[rs]t?|easie[rs]t?|cheape[rs]t?|faste[rs]t?|quicke[rs]t?|safe[rs]t?|cleare[rs]t?|smalle[rs]t?"
    r"|better|best|pragmatic|most (?:consistent|compatible|reliable|robust|flexible|practical|natural|sensible)"
    r"|more (?:consistent|robust|reliable|flexible|maintainable|secure|compatible)|less (?:likely|work|effort|code))\b",
    re.IGNORECASE,
)
_TURNS_TO = re.compile(
    r"(?:instead|therefore|thus|hence|as such|consequently|accordingly|for (?:this|that) reason|as a result"
    r"|because of (?:this|that)"
    r"|(?:in order )?to (?:address|avoid|solve|handle|prevent|mitigate|resolve|remedy|fix)\b[^,.]{2,100}),? "
    r"(?:we|this package|the package)"
    r"(?! (?:could|would|can|can'?t|cannot|might|may|should|had|have|are|were|was|got|get|lost|lose|spent|spend|saw|see"
    r"|found|find|know|knew|need|needed|want|wanted|asked|looked|tried|thought|think|felt|missed|miss|suffer|suffered"
    r"|learned|noticed|ended|failed|fail|waited|wait|did not|didn'?t)\b) \w",
    re.IGNORECASE,
)
"""A plain statement that turns from the scene to what is done: "Instead, we join …"; not to what came of it ("we lost
two days") or was felt about it."""


def is_said(sentence: str) -> bool:
    """Whether it says that something was decided, chosen or agreed."""
    if is_about_text(sentence) or _FOR_SOME.match(sentence) or sentence.rstrip().endswith("?"):
        return False
    found = _DECIDED.search(_main_clause(sentence))
    if found is None or (found.group().casefold().endswith("decide") and _STILL_TO.search(found.group())):
        return False
    return not _NOT_YET.search(found.group("between") or "")


def is_said_or_ordered(sentence: str) -> bool:
    """Whether it says what was decided or will be done, or orders it."""
    if is_said(sentence):
        return True
    main = _main_clause(sentence)
    if is_about_text(sentence):
        return HELD.search(sentence) is not None
    if _FOR_SOME.match(sentence) or sentence.rstrip().endswith("?"):
        return False
    return bool(_WILL.search(main) or _IMPLEMENTED.search(main) or _ORDER.match(main) or _WILL_ACT.match(main))


def is_done(sentence: str) -> bool:
    """Whether it says what has been done: `we have added`."""
    is_other = is_about_text(sentence) or _FOR_SOME.match(sentence) or sentence.rstrip().endswith("?")
    return not is_other and _MADE.search(_main_clause(sentence)) is not None


def is_habit(sentence: str) -> bool:
    """Whether it says what is done as a rule: `we keep`, `we never use`."""
    return not (is_about_text(sentence) or _FOR_SOME.match(sentence)) and _HABIT.search(sentence) is not None


def is_plain(sentence: str) -> bool:
    """Whether it is a plain statement: nothing about the document, no scene, possibility, question or hint."""
    return not (
        is_about_text(sentence)
        or _SCENE.match(sentence)
        or _POSSIBLE.search(sentence)
        or _FOR_SOME.match(sentence)
        or sentence.rstrip().endswith(":")
    )


def is_demanded(sentence: str) -> bool:
    """Whether it says of a thing, not pointing back, that it will, shall, must or should be so."""
    main = _main_clause(sentence)
    return is_plain(main) and _MUST.match(main) is not None


def is_order(sentence: str) -> bool:
    """Whether it is an order (`Use DuckDB`) or names the doing (`The introduction of…`)."""
    return _ORDER.match(sentence) is not None


def is_about_text(sentence: str) -> bool:
    """Whether a sentence speaks of the document it stands in."""
    return _ITSELF.match(sentence) is not None


def _main_clause(sentence: str) -> str:
    opening = _CONCEDES.match(sentence)
    return sentence[opening.end() :] if opening else sentence


def is_reason(sentence: str) -> bool:
    """Whether a further sentence says why of what was decided before, and not of something else.

    It must refer back (`This is simpler than…`, `We felt that this was…`) and decide nothing.
    """
    if is_about_text(sentence) or _RESULT.match(sentence):
        return False
    if _OPINION.match(sentence) or _PRAISES.match(sentence):
        return True
    return gives_reason(sentence) and _REFERS.match(sentence) is not None and not is_done(sentence)


def is_result(sentence: str) -> bool:
    """Whether a sentence says what follows from the decision (`As a result, …`)."""
    return _RESULT.match(sentence) is not None


def is_turned_down(sentence: str) -> bool:
    """Whether it names an option that was considered and not taken, or another value said not to be the default."""
    if _TURNED_DOWN.match(sentence):
        return True
    return _FOR_SOME.match(sentence) is not None and _NOT_DEFAULT.search(sentence) is not None


def turns_to(sentence: str) -> bool:
    """Whether a sentence turns from the scene to what is done."""
    return _TURNS_TO.match(sentence) is not None
