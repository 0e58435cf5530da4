"""Words by which a commit message says that something was chosen, over what, and why.

Each pattern takes one sentence or one subject; a space in it is any white space, for messages are wrapped. They were
set on the messages of two public repositories read by eye, for precision: most messages say none of this.
"""

from __future__ import annotations

import re

from ingest.prose import Stretch, gives_reason, split_reason


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE | re.DOTALL)


_FIRMLY = r"(?:(?:have|had|'ve|’ve|therefore|thus|so|also|ultimately|finally|just|simply|explicitly|instead|now) ){0,2}"
DECIDES = _words(
    rf"\b(?:we|i) {_FIRMLY}(?:decided (?:to|not to|against|on|that|for)\b"
    r"|(?:chose|choose|have chosen) (?!from\b|between\b)"
    r"|opted (?:to|for|not|out|against)\b|settled (?:on|for)\b|agreed (?:to|on|that)\b|went (?:with|for)\b"
    r"|picked .{1,80}\b(?:over|because|since|as|instead of|rather than)\b"
    r"|prefer .{1,120}\b(?:over|instead of|rather than|to)\b)"
    r"|^(?:so )?(?:decided (?:to|not to|against|on|that)|opted (?:to|for|not to)|chose (?:to|not to|the|a|an)"
    r"|went with|settled on)\b"
    r"|\b(?:the|our|this|my) (?:design )?(?:decision|choice) (?:here )?(?:is|was)(?: made)? (?:to|that|because)\b"
    r"|\bit (?:was|has been|is) (?:decided|agreed) (?:to|that|not)\b"
    r"|\b(?:deliberately|intentionally|purposely|on purpose,?) (?:not|do(?:es)?(?: not|n['’]t)|did(?: not|n['’]t)|keep"
    r"|kept|keeps|keeping|leave|left|leaves|leaving|avoid\w*|skip\w*|omit\w*|limit\w*|exclud\w+|conservative|minimal"
    r"|simple)\b"
    r"|\bthis is (?:deliberate|intentional|by design|on purpose)\b"
)
"""A person says that they decided, or that it is meant."""
WEIGHS = _words(
    r"\b(?:we|i)(?:['’](?:ve|d)| have| had)? (?:also |first |initially |originally |briefly )?"
    r"(?:considered|evaluated|thought about|looked (?:at|into)|tried(?: out)?) (?P<what>.{3,160}?)[,;]?"
    r" (?:but|however,?) (?P<why>.+)"
    r"|\b(?:an|another|one|the other|the obvious|a possible) (?:alternative|other option|option|approach)"
    r" (?:would be|would have been|was|is)(?: to)? (?P<option>.{3,160}?)[,;]? (?:but|however,?) (?P<against>.+)"
)
"""A person says what was not taken, and why."""
CONTRASTS = _words(r"\b(?:instead of|rather than|in favou?r of|as opposed to)\b")
_TAKEN_FROM = _words(
    r"\b(?:instead of|rather than|as opposed to) (?P<behind>\S.*)"
    r"|\b(?:chose|choose|chosen|prefer(?:red)?|pick(?:ed)?|went with|opted for|favou?r(?:ed)?) .{1,100}?"
    r" over (?P<over>\S.*)"
    r"|\bswitch(?:ed|es|ing)?(?: \S+){0,4}? from (?P<was>\S.*?) to \S"
    r"|\b(?:replac(?:e|ed|es|ing)|swap(?:ped|s)?) (?P<swapped>\S.*?) (?:with|by|for) \S"
    r"|\b(?:drop(?:ped|s)?|remov(?:e|ed|es)|deprecat(?:e|ed|es)) (?P<gone>\S.*?) in favou?r of \S"
)
_ENDS = _words(
    r"[,;:()\[\]]|\.(?=\s|$)| [–—-]{1,2} "
    r"|\b(?:because|since|so that|so|as|which|that|due to|in order|to avoid|to prevent|but|when|where|if|and|for|while"
    r"|until|unless|by default|here|now|anymore)\b"
)
_CLAIM_WORDS = 4
"""`This makes it so we…` claims nothing before its purpose."""
_MARKS = " \t\n*_`\"'"
_LONGEST_OPTION = 12
"""Words of what was not taken; longer stretches are half a sentence."""

_CONVENTIONAL = re.compile(r"(?:[\w -]{1,30}(?:\([^()]{1,60}\))?!?:\s+|\[[^\[\]]{1,40}\]\s*)+")
_CHOOSES = _words(
    r"(?:always|never|only|no longer|don['’]t|do not|stop(?:ped)?|us(?:e|es|ed)|switch(?:ed|es)?|drop(?:ped|s)?"
    r"|remov(?:e|ed|es)|replac(?:e|ed|es)|mov(?:e|ed|es)|migrat(?:e|ed|es)|avoid(?:ed|s)?|default(?:ed|s)?"
    r"|prefer(?:red|s)?|renam(?:e|ed|es)|pin(?:ned|s)?|unpin(?:ned)?|downgrad(?:e|ed)|disabl(?:e|ed|es)|enabl(?:e|ed|es)"
    r"|requir(?:e|ed|es)|disallow(?:ed|s)?|limit(?:ed|s)?|restrict(?:ed|s)?|deprecat(?:e|ed|es)|keep|kept|treat(?:ed|s)?"
    r"|stor(?:e|ed|es)|split|consolidat(?:e|ed|es)|depend on|rely on|increas(?:e|ed)|decreas(?:e|ed)|rais(?:e|ed)"
    r"|lower(?:ed)?|reduc(?:e|ed)|skip(?:ped)?|set|bundl(?:e|ed)|vendor(?:ed)?|ban(?:ned)?|cap(?:ped)?|build|run|ship"
    r"|leav(?:e|es)|left|forbid|reject|refuse|make .{3,80} (?:the default|optional|opt-in|opt-out|explicit|private))\b"
)
_MENDS = re.compile(r"(?:hot|bug)?fix(?:e[ds]|up)?\b|test|doc|style|lint|typo", re.IGNORECASE)
"""What mends tells what was wrong rather than what was chosen: one in two of their reasons is a fault's."""
_PURPOSE = _words(
    r"[,;]? (?P<why>(?:to (?:avoid|prevent|ensure|reduce|minimi[sz]e|preserve|simplify|keep|protect|guarantee)"
    r"|in case|otherwise|so (?:that )?(?:we|it|they|the|users?|people|this|there|you|callers?|plugins?)"
    r"|as (?:it|this|that|these|they|we|there|the)(?= .{2,80}?\b(?:is|are|was|were|has|have|had|can|cannot|can['’]t"
    r"|does|do|did|will|would|don['’]t|doesn['’]t|isn['’]t|makes?|needs?|requires?|breaks?|fails?|supports?|already|only"
    r"|no longer)\b)"
    r"|which (?:is|are|was|makes?|means|avoids?|lets|allows?|would|keeps?|breaks?|gives|lead|leads|causes?))\b.+)"
)
_TO_AVOID = _words(
    r"\b(?:to (?:avoid|prevent|reduce|minimi[sz]e|preserve|simplify)|so (?:we|users?|people|callers?))\b"
)
_TELLS_WHY = _words(
    r"^(?:this (?:is (?:because|so that|needed|necessary|required|safer|simpler|faster|cleaner|more|better|less|due)"
    r"|was (?:because|needed|necessary|required|due)"
    r"|makes? (?!\w+ changes)|allows?|lets|avoids?|keeps|means|simplifies|reduces|ensures"
    r"|gives|prevents|way,?|saves|removes the need|improves)"
    r"|because|since (?!\d|then\b|version\b|v\d)|otherwise"
    r"|the (?:main )?(?:reason|rationale|motivation|idea|benefit|advantage|goal)"
    r" (?:for (?:this|the change|doing|using|not)|behind this|here|is|being)"
    r"|without (?:this|it|that)\b.+,)"
)
_ASIDE = _words(
    r"(?:also|however|but|additionally|previously|before|originally|initially|currently|note|for example|e\.g\.|and"
    r"|this is still|not perfect|unfortunately|the (?:original|previous|old|former) \w+|to test|in the past)\b"
    r"|.*\b(?:added|introduced|wrote|written|was there|existed) .{0,60}\b(?:because|since|so that)\b"
)
"""Openings of what is told beside a change, or of what was before it."""
_REUSES = _words(
    r"(?:(?:this|we|i|it)(?: (?:commit|change|patch|pr|version))?(?: now| will)? )?"
    r"(?:re-?us(?:e|es|ed)|mak(?:e|es)|comput(?:e|es|ed)|pass(?:es|ed)?|go(?:es)?|call(?:s|ed)?|extend(?:s|ed)?)\b"
)
_INSTEAD_OF_DOING = _words(r"\b(?:instead of|rather than) (?:\w+ly )?(?:\w+ing|a|an|the|having|one|two|our|its)\b")
_NEEDED_NO_MORE = _words(
    r"\b(?:no longer|not) (?:needed|necessary|used|required|supported|maintained)\b|\b(?:don['’]t|do not) need\b"
)
_WENT_WRONG = _words(
    r"\b(?:caus(?:ed|es|ing)|crash\w*|bug|fail(?:s|ed|ing|ure)|regress\w+|wrongly|incorrect\w*|traceback|exception"
    r"|previously|used to|error(?:s|ed)?|broke(?:n)?|the (?:issue|problem))\b"
)
"""What was wrong is no reason for what was chosen, where nothing says that anything was."""
_UNFIT = _words(r"\b(?:not sure|unclear|todo|fixme|wip|for some reason|no idea|should we|maybe we)\b")


def without_prefix(subject: str) -> str:
    """A subject without `feat(scope)!:` and the like, and without the pull request's number."""
    bare = re.sub(r"(?:\s*\([#!]\d+\))+\s*$", "", subject)
    return bare[found.end() :] if (found := _CONVENTIONAL.match(bare)) else bare


def chooses(subject: str) -> bool:
    """Whether a subject says which way was taken (`Use…`, `Drop…`, `Stop…`), rather than `Fix…`, `Add…`, `Update…`."""
    bare = without_prefix(subject)
    if _MENDS.match(subject) or _MENDS.match(bare):
        return False
    return _CHOOSES.match(bare) is not None or CONTRASTS.search(bare) is not None


def is_unfit(sentence: str) -> bool:
    """Whether a sentence doubts, asks or leaves open."""
    return sentence.rstrip().endswith("?") or _UNFIT.search(sentence) is not None


def is_aside(sentence: str) -> bool:
    """Whether a sentence tells of something beside the change, or of what was before it."""
    return _ASIDE.match(sentence) is not None


def is_about_a_fault(sentence: str) -> bool:
    """Whether a sentence tells what went wrong."""
    return _WENT_WRONG.search(sentence) is not None


def claim_and_reason(text: str, start: int, end: int) -> tuple[Stretch, tuple[Stretch, ...]]:
    """A sentence's claim and its reasons, by `because` and its kin, else by a purpose (`to avoid…`, `so we…`)."""
    claim, reasons = split_reason(text, start, end)
    if reasons and len(text[slice(*claim)].split()) >= _CLAIM_WORDS:
        return claim, reasons
    found = _PURPOSE.search(text, start, end)
    if found and len(text[start : found.start()].split()) >= _CLAIM_WORDS:
        return (start, found.start()), (found.span("why"),)
    return (start, end), ()


def justifies(sentence: str) -> bool:
    """Whether a sentence gives a reason for a change named elsewhere, in words that name one and no mere effect."""
    if is_aside(sentence):
        return False
    return tells_why(sentence) or gives_reason(sentence) or _TO_AVOID.search(sentence) is not None


def contrasts(sentence: str) -> bool:
    """Whether a sentence says what is done in place of what else: `Reuses the block rather than inventing one`."""
    if is_aside(sentence) or is_about_a_fault(sentence) or not _INSTEAD_OF_DOING.search(sentence):
        return False
    return bool(_CHOOSES.match(sentence) or _REUSES.match(sentence))


def tells_why(sentence: str) -> bool:
    """Whether a whole sentence gives a reason for what was said before it."""
    return bool(_TELLS_WHY.search(sentence) or _NEEDED_NO_MORE.search(sentence))


def not_taken(text: str, start: int, end: int) -> Stretch | None:
    """What a sentence names as not taken: `instead of X`, `chose A over X`, `from X to A`, `replace X with A`."""
    found = _TAKEN_FROM.search(text, start, end)
    if found is None:
        return None
    name = next(name for name, value in found.groupdict().items() if value)
    first, last = found.span(name)
    cut = _ENDS.search(text, first + 1, last)
    last = cut.start() if cut else last
    first += len(text[first:last]) - len(text[first:last].lstrip(_MARKS))
    words = text[first:last].rstrip(_MARKS + ".")
    is_named = 0 < len(words.split()) <= _LONGEST_OPTION and any(map(str.isalnum, words))
    return (first, first + len(words)) if is_named else None
