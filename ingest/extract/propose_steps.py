"""What hands out the next piece of work, or agrees without a word on what: neither says a choice.

"Let's move on to 3.2" and "yep, go ahead" sound settled, and a judge of words takes them for a decision. A step waits
for review; what a nod takes up is looked for where it was offered, and a nod to nothing that is found waits too.
"""

from __future__ import annotations

import re

_OPENING = (
    r"\W*(?:(?:yep|yes|yeah|yup|ok(?:ay)?|sounds? good|great|perfect|sure|now|then|so|and|cool|alright|all right|next"
    r"|please|good|awesome|nice|also|actually|first|thanks|thank you)\b[\s,.!:–—-]*)*"
)
_HANDING = (
    r"(?:let'?s|let us|we can|we(?:'ll| will)?|go ahead and|i(?:'d| would) like (?:you )?to|i(?:'m| am) ready to"
    r"|(?:can|could) (?:you|we)|i want (?:you )?to|feel free to)\b[\s,]*"
    r"(?:(?:now|just|then|also|go ahead and|please|instead|maybe) )*"
)
_WORK = (
    r"next|steps?|phases?|tasks?|plans?|implement\w*|test(?:s|ing)?|rest|remaining|order|fix(?:es|ing)?|work|\d[\d.]*"
)
_GOING_ON = (
    r"(?:move|moving) on\b"
    r"|keep (?:going|moving|working|debugging|testing|trying|iterating)\b"
    r"|(?:continue|proceed|go ahead|carry on|resume|move (?:forward|ahead))"
    rf"(?:\W*$|,? (?:please|now|then)\b| (?:with|to|on|in|by|at|working)\b(?:[^.!?,\n]|[.!?,](?=\w))*\b(?:{_WORK})\b)"
)
_BEGINNING = (
    r"(?:walk|work|go|run|step|talk) through\b"
    r"|get (?:started|going|back to)\b"
    r"|(?:start|begin|kick off)\b(?! using\b)"
    r"|(?:run|commit|push|debug|investigate)\b(?! (?:to|as|in|on)\b)"
    r"|implement (?:(?:these|them|it|this|those)\b|the (?:most|high|first|next|rest)\b)"
    r"|(?:make|write) (?:a commit|(?:these|those|this|the) (?:updates?|changes?|edits?|fix(?:es)?))\b"
)
_REST = r"(?:[^.!?,\n]|[.!?,](?=\w)){0,60}\W*$"
"""What is longer or has another clause may say how the work is to be done."""
_WAY = (
    r"\b(?:as an? (?!next|first|last|final|follow)|(?:nightly|hourly|daily|weekly)\b|every (?!test|step|task)\w"
    r"|instead of |rather than )"
)
"""How it is to be done, or over what: "let's run it as a cron job"."""
_STEP = re.compile(
    rf"(?!.*{_WAY}){_OPENING}(?:(?:{_HANDING})?(?:{_GOING_ON})|{_HANDING}(?:{_BEGINNING})){_REST}",
    re.IGNORECASE | re.DOTALL,
)
_NOD = re.compile(
    r"\W*+(?:(?:yep|yes|yeah|yup|ok(?:ay)?|sounds?|looks?|seems?|like|good|great|perfect|sure|please|nice|cool|fine|lgtm"
    r"|agreed?|approved?|thanks?|enough|correct|right|works?|go(?: ahead)?|proceed|do (?:it|that|this|so)|let'?s|try"
    r"|keep|leave|use|take|i|we|will|ll|going|went|am|m|you|your|my|suggest(?:ions?|ed)?|advice|approach"
    r"|rec{1,2}om{1,2}end(?:ations?|ed)?|proposals?|plan|idea|options?|number|it|this|that|these|those|them|with|and"
    r"|the|a|for|now|me|to|is|what|all|both|of|\d{1,2}|[b-h])\b\W*+)+$",
    re.IGNORECASE,
)
"""No word twice, nor as the beginning of two, and what is no word is never given back: each repetition of a word that
can be read in two ways doubles the time."""


def is_step(said: str) -> bool:
    """Whether a sentence hands out or goes on to a piece of work, with no way of doing it."""
    return bool(_STEP.match(said.replace("’", "'")))


def is_nod(said: str) -> bool:
    """Whether every word of a sentence agrees or points to what somebody else said: "let's go with option 2"."""
    return bool(_NOD.fullmatch(said.replace("’", "'")))
