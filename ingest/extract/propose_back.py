"""What is taken back, laughed at, or held up to its own drawback: it waits for review, whoever announced it."""

from __future__ import annotations

import re

from ingest.records import Session, Span
from ingest.text import sentences

_NEAR_UTTERANCES = 3
_HESITATING = r"^(?:(?:hmm+|oh|er+|uh+|um+|ah|well|sorry|okay|ok|but|and)\b[,.… ]*)*"
_TAKES_BACK = re.compile(
    _HESITATING + r"(?:no,? (?:no,? )?wait\b|wait,? (?:no\b(?! (?:one|objections?|problem)\b)|undo|scratch|actually)"
    r"|(?:actually,? )?(?:scratch|strike|undo) that\b"
    r"|(?:actually,? )?never ?mind\b(?! (?:the|about|my|our|your|his|her|their|me|him)\b)"
    r"|actually,? no\b(?=\W*$|\s*[,.;:!?…–—-]| (?:we|i|let'?s|that|it|this|don'?t|keep|use)\b)"
    r"|(?:actually,? )?forget (?:it|that|what i said)\b|on second thoughts?\b|i take (?:it|that) back\b)",
    re.IGNORECASE,
)
_REGRETS = re.compile(
    r"\b(?:in hindsight|(?:i|we) regret|(?:we|i|and) threw (?:it|that|them) out|(?:then|later) (?:we |i )?"
    r"(?:undid|reverted|abandoned|dropped) (?:it|that))\b",
    re.IGNORECASE,
)
_WEIGHS = re.compile(
    r"\b(?:we|i|you|they) (?:could|might)\b(?! (?:not|never)\b)[^?]{4,}[,;–—-] ?"
    r"but (?:then|that|we|it|they|the|this|there)\b",
    re.IGNORECASE,
)
"""What could be done, and at once what speaks against it: "we could drop them, but then the totals differ"."""
_LAUGHS = re.compile(
    r"^(?:very funny|hilarious|(?:(?:ha ?){2,}|lo+l|rofl|good one|you wish|dream on|in your dreams)\W*$)",
    re.IGNORECASE,
)


def is_taken_back(session: Session, said: Span) -> bool:
    """Whether its sentence regrets it or speaks against it, its speaker takes it back at once, or somebody laughs."""
    own = session.utterances[said.utterance_index]
    for start, end in sentences(own.text):
        words = own.text[start:end].replace("’", "'")
        if end > said.start_char and start < said.end_char and (_REGRETS.search(words) or _WEIGHS.search(words)):
            return True
        if start >= said.end_char and _TAKES_BACK.match(words):
            return True
    first = said.utterance_index + 1
    following = [one for one in session.utterances[first : first + _NEAR_UTTERANCES] if one.role == "person"]
    if following and following[0].speaker != own.speaker and _LAUGHS.match(following[0].text):
        return True
    return any(one.speaker == own.speaker and _TAKES_BACK.match(one.text.replace("’", "'")) for one in following)
