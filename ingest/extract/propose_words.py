"""Clauses and their words: where the clause of a cue begins and ends, and which of its words carry it."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.extract.because import CLAUSE_OF_REASON
from ingest.text import sentences

_LONGEST_CLAUSE, _FARTHEST = 240, 2_000
"""Characters of a clause, but for a last word that is longer, and how far behind a cue its end is looked for.

Patterns that begin with white space take the square of its length: 20,000 blanks took seconds.
"""
OPENING = re.compile(
    r"(?:(?:yeah|yes|yep|okay|ok|so|um+|uh+|but|and|well|then|like|you know|alright|all right|right|cool|now|also|maybe"
    r"|oh|hey|i mean|i guess|u|sure|great|perfect|basically)\b[,.…!:]*\s*|[,.…;:–—-]+\s*)+",
    re.IGNORECASE,
)
_BREAK_BEFORE = re.compile(r"[,;:.!?…]\s|\s[–—-]+\s|\n|\b(?:so|but|because|cause)\b,?\s", re.IGNORECASE)
_END = re.compile(
    r",?\s+(?:because|'?cause|since (?:we|it|that|they|the|there|this|i|you)|so that|otherwise|but|and then"
    r"|and so|and if"
    r"|and (?:we|i|it|that|you) |so (?:we|it|that|basically|then|i)\b|so$|if (?:we|you|that|it)|due to"
    r"|given (?:that|the)"
    r"|which (?:is|means|will|would)|then (?:we|it|you)|in order to|that's)\b"
    r"|,\s+(?:so|and(?! (?:drop|remove|keep|use|retire|replace|disable|get rid of|stop)\b)|which|or|then|right|okay"
    r"|yeah"
    r"|you know|the|it|if|when|not sure)\b|;|:(?:\n"
    r"|\s+(?=(?-i:[A-Z])))|\s[–—]+\s|…|\n",
    re.IGNORECASE,
)
_POINTING = re.compile(r"\s*(?:this|that|these|those) \w", re.IGNORECASE)
_PRONOUN = re.compile(
    r"(?:(?:it|them|him|her|they|he|she|you|everyone|everybody)\b(?!')"
    r"|(?:this|that|these|those)(?: (?:one|ones|thing|things|stuff|way|part))?\b(?=[\s,.!?]*$|,"
    r"| (?:on|in|for|to|with|at|as|now|here|there|until|till|too|out|off|up|aside|open|alone|by|next|later)\b))",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_](?:[\w.'/+#-]*[^\W_])?")
_EMPTY = frozenset(
    (
        "already", "whether", "personally", "idea",
        "that", "this", "it", "those", "these", "them", "one", "ones", "thing", "things", "stuff", "the",
        "a", "an", "to", "do", "be", "with", "for", "of", "on", "in", "at", "and", "or", "so", "just",
        "then", "now", "there", "here", "we", "you", "i", "he", "she", "they", "me", "us", "go", "ahead",
        "get", "something", "anything", "everything", "what", "no", "not", "too", "also", "like", "first",
        "some", "any", "my", "your", "our", "is", "are", "was", "will", "up", "way", "maybe", "again",
        "today", "another", "other", "next", "right", "as", "well", "same", "all", "each", "both", "if",
        "yeah", "okay", "ok", "um", "uh", "really", "probably", "more", "lot", "let", "lets", "let's",
        "have", "keep", "use", "make", "should", "could", "would", "can", "we'll", "back", "forward", "out",
        "into", "over", "from", "by", "its", "it's", "that's", "been", "being", "going", "want", "need",
        "think", "discussion", "item", "topic", "slide", "slides", "minute", "minutes", "call", "meeting",
        "everyone", "people", "yes", "yep", "yup", "sure", "fine", "agree", "agreed", "exactly", "absolutely",
        "correct", "perfect", "lgtm", "thank", "thanks",
    )
)  # fmt: skip


@lru_cache(maxsize=4_096)  # merging asks for the same subjects again and again
def content_words(text: str) -> frozenset[str]:
    """The words that carry what a text is about, in lower case; plurals as singulars."""
    words = (word.lower() for word in _WORD.findall(text.replace("’", "'")))
    return frozenset(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
        for word in words
        if word not in _EMPTY
    )


def clause(text: str, start: int, end: int) -> tuple[int, int]:
    """`[start, end)` of the clause around a cue: from its last break or opening to a reason, a turn or the end."""
    first, last = next(((one, other) for one, other in sentences(text) if one <= start < other), (start, len(text)))
    breaks = list(_BREAK_BEFORE.finditer(text, first, start))
    begin = breaks[-1].end() if breaks else first
    if _POINTING.match(text, end):
        begin = first
    if opening := OPENING.match(text, begin, start):
        begin = opening.end()
    last = min(last, end + _FARTHEST)
    if (turn := _END.search(text, min(end + 2, last), last)) and turn.start() > end:
        last = turn.start()
    if reason := CLAUSE_OF_REASON.search(text, min(end + 2, last), last):
        last = reason.start()
    if last - begin > _LONGEST_CLAUSE:
        begin = max(begin, start - 60 if start - begin > 60 else begin)
        begin = start if text[begin - 1 : begin].isalnum() else begin
        last = _whole_words(text, end, begin + _LONGEST_CLAUSE, last)
    stretch = text[begin:last].rstrip(" ,;:–—-\n")
    return begin, max(begin + len(stretch), end)


def _whole_words(text: str, end: int, most: int, last: int) -> int:
    """Where the last word ends before `most`; of a longer one behind `end`, as addresses are, its own end."""
    if most >= last:
        return last
    cut = text.rfind(" ", end + 1, most)
    after = text.find(" ", most, last)
    return cut if cut >= 0 and text[end:cut].strip() else after if after >= 0 else last


def is_pronoun(about: str) -> bool:
    """Whether the words of an object only point to something said before: "it as well", "them in there"."""
    return bool(_PRONOUN.match(about)) or not content_words(about)
