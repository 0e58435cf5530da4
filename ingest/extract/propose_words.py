"""Clauses and their words: where the clause of a cue begins and ends, and what it is about."""

from __future__ import annotations

import re

from ingest.text import folded, sentences

_LONGEST_CLAUSE = 240
_OPENING = re.compile(
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
    r"|,\s+(?:so|and|which|or|then|right|okay|yeah|you know|the|it|if|when|not sure)\b|;|:(?:\n"
    r"|\s+(?=(?-i:[A-Z])))|\s[–—]+\s|…|\n",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"(?:[\s,…:'\"–—-]|\b(?:uh+|um+|like|you know|maybe|just|kind of|sort of|to|that|we|us|the|a|an|this|these"
    r"|those|our|my"
    r"|'re|'ll|'ve|would|will|should|are|is|or|about|for|in|s|going (?:for|with|to)|gonna|go for|be|i think"
    r"|it's|want to|(?:previous|last|earlier) (?:call|meeting|session|week)|ahead with|go ahead and|go with|use"
    r"|using|also|really|probably|still|only|with|on)\b)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:[\s,.…!?:;'\"–—-]|\b(?:uh+|um+|you know|right|okay|then|too|please|though|and|or|so|the|a|to|of"
    r"|i think|i guess"
    r"|with|for now|now|yeah|in that case|like|instead|as well)\b)+$",
    re.IGNORECASE,
)
_POINTING = re.compile(r"\s*(?:this|that|these|those) \w", re.IGNORECASE)
_PRONOUN = re.compile(r"(?:it|them|him|her|that|those|they|he|she|you|everyone|everybody)\b(?!')", re.IGNORECASE)
_FILLER = re.compile(r"\b(?:uh+|um+|you know|i mean)\b[, ]*", re.IGNORECASE)
_REPEATED = re.compile(r"\b(\w+)((?:[\s,…]+\1\b)+)", re.IGNORECASE)
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
        "everyone", "people",
    )
)  # fmt: skip


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
    if opening := _OPENING.match(text, begin, start):
        begin = opening.end()
    if (turn := _END.search(text, min(end + 2, last), last)) and turn.start() > end:
        last = turn.start()
    if last - begin > _LONGEST_CLAUSE:
        begin = max(begin, start - 60 if start - begin > 60 else begin)
        begin = start if text[begin - 1 : begin].isalnum() else begin
        last = min(last, text.rfind(" ", end, begin + _LONGEST_CLAUSE) if begin + _LONGEST_CLAUSE < last else last)
    stretch = text[begin:last].rstrip(" ,;:–—-\n")
    return begin, max(begin + len(stretch), end)


def is_pronoun(about: str) -> bool:
    """Whether the words of an object only point to something said before: "it as well", "them in there"."""
    return bool(_PRONOUN.match(about)) or not content_words(about)


def subject(text: str) -> str:
    """What a stretch is about: its words without articles, fillers and stutters, at most 80 characters."""
    plain = _REPEATED.sub(r"\1", _FILLER.sub("", text.replace("**", "")))
    if leading := _LEADING.match(plain):
        plain = plain[leading.end() :]
    return folded(_TRAILING.sub("", plain), limit=80)
