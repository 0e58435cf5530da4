"""The stretch of a text that comes nearest to a quote which does not stand in it, compared word by word.

Words are runs of letters and digits, case put aside; in scripts without spaces each character is one. So a quote that
lost its Markdown marks, or got other marks, other case or other white space, has the same words; an ellipsis in it
stands for words left out. What comes back is always a place in the text as it is.
Linear in the text: a window as long as the quote slides over it, and only the best ones are aligned.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher

from ingest.quotes import is_of_unspaced, is_of_word

_ASCII_WORD = re.compile(r"[A-Za-z0-9]+")
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|\(\s*(?:…|\.\.\.)\s*\)|…|\.\.\.+)\s*")
_MARKS = "*_`~"
_STOPS = ".!?;\n"
_MOST_SKIPPED_WORDS = 80
"""What an ellipsis may stand for: more is no quote of one thing any longer."""
_STRAY_WORDS = 3
_LEAST_LIKENESS = 0.34
"""Below a third of a quote's words, nearest is not near: measured on quotes of other sessions, whose best is 0.3."""


@dataclass(frozen=True, slots=True)
class Near:
    """A stretch `[start, end)` in code points, and how much of the quote's words it has, 0 to 1."""

    start: int
    end: int
    likeness: float


@dataclass(frozen=True, slots=True)
class _Word:
    folded: str
    start: int
    end: int


def same_words(text: str, quote: str) -> tuple[int, int] | None:
    """`[start, end)` of the first stretch with exactly the words of the quote, in order; None where there is none.

    Where the quote has an ellipsis between words, up to 80 words may stand in its place.
    """
    spoken = _words(text)
    said = [word.folded for word in spoken]
    pieces = [[word.folded for word in _words(piece)] for piece in _ELLIPSIS.split(quote)]
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        return None
    for first in _places(said, pieces[0], 0, len(said)):
        last = _rest(said, pieces[1:], first + len(pieces[0]))
        if last is not None:
            return _edges(text, quote, spoken[first].start, spoken[last - 1].end)
    return None


def nearest(text: str, quote: str) -> Near | None:
    """The stretch that has most of the quote's words in their order; None where too few stand together anywhere."""
    spoken, asked = _words(text), [word.folded for word in _words(quote)]
    if not spoken or not asked:
        return None
    said = [word.folded for word in spoken]
    best: Near | None = None
    for first, last in _windows(said, asked):
        found = _aligned(text, spoken[first:last], asked)
        if found is not None and (best is None or found.likeness > best.likeness):
            best = found
    return best if best is not None and best.likeness >= _LEAST_LIKENESS else None


def _words(text: str) -> list[_Word]:
    if text.isascii():
        return [_Word(found[0].lower(), *found.span()) for found in _ASCII_WORD.finditer(text)]
    return list(_any_words(text))


def _any_words(text: str) -> Iterator[_Word]:
    start: int | None = None
    for at, character in enumerate(text):
        if is_of_word(character):
            start = at if start is None else start
            continue
        if start is not None:
            yield _Word(text[start:at].casefold(), start, at)
            start = None
        if is_of_unspaced(character):
            yield _Word(character, at, at + 1)
    if start is not None:
        yield _Word(text[start:].casefold(), start, len(text))


def _places(said: Sequence[str], piece: Sequence[str], start: int, end: int) -> Iterator[int]:
    for at in range(start, min(end, len(said) - len(piece) + 1)):
        if said[at] == piece[0] and said[at : at + len(piece)] == piece:
            yield at


def _rest(said: Sequence[str], pieces: Sequence[Sequence[str]], at: int) -> int | None:
    """Where the last of the pieces ends when each begins soon after the one before it."""
    for piece in pieces:
        found = next(_places(said, piece, at, at + _MOST_SKIPPED_WORDS), None)
        if found is None:
            return None
        at = found + len(piece)
    return at


def _windows(said: Sequence[str], asked: Sequence[str]) -> list[tuple[int, int]]:
    """The places, up to three, where most of the words asked for stand within one and a half times their number."""
    wanted = Counter(asked)
    length = min(len(said), len(asked) + max(2, len(asked) // 2))
    held: Counter[str] = Counter()
    score, scores = 0, []
    for at, word in enumerate(said):
        if word in wanted:
            held[word] += 1
            score += len(word) if held[word] <= wanted[word] else 0
        if at >= length and (gone := said[at - length]) in wanted:
            score -= len(gone) if held[gone] <= wanted[gone] else 0
            held[gone] -= 1
        scores.append(score)
    found: list[tuple[int, int]] = []
    for last in sorted(range(len(scores)), key=lambda at: -scores[at])[: 8 * length]:
        if scores[last] and all(abs(last + 1 - other) > length // 2 for _, other in found):
            found.append((max(0, last + 1 - length), last + 1))
            if len(found) == 3:
                break
    return [(max(0, first - length // 2), min(len(said), last + length // 2)) for first, last in found]


def _aligned(text: str, spoken: Sequence[_Word], asked: Sequence[str]) -> Near | None:
    """The window without what is not of the quote at its ends; a word changed at an end stays in the sentence."""
    said = [word.folded for word in spoken]
    blocks = _close(SequenceMatcher(None, said, asked, autojunk=False).get_matching_blocks())
    if not blocks:
        return None
    whole = sum(map(len, asked))
    first, last = blocks[0], blocks[-1]
    start = _widened(text, spoken, first.a, -1, asked[: first.b][::-1])
    end = _widened(text, spoken, last.a + last.size - 1, 1, asked[last.b + last.size :])
    matched = sum(len(word) for one in blocks for word in asked[one.b : one.b + one.size])
    length = sum(map(len, said[start : end + 1]))
    return Near(spoken[start].start, spoken[end].end, matched / whole * 0.8 + 0.2 * matched / max(whole, length))


def _close(blocks: Sequence[Match]) -> list[Match]:
    """Of the words in common those around the longest stretch: a stray “the” far off belongs to another sentence."""
    real = [one for one in blocks if one.size]
    if not real:
        return []
    at = max(range(len(real)), key=lambda at: real[at].size)
    first = last = at
    while first and _gap(real[first - 1], real[first]) <= _STRAY_WORDS:
        first -= 1
    while last + 1 < len(real) and _gap(real[last], real[last + 1]) <= _STRAY_WORDS:
        last += 1
    return real[first : last + 1]


def _gap(one: Match, other: Match) -> int:
    """How many words more the text has between two stretches than the quote."""
    return (other.a - one.a - one.size) - (other.b - one.b - one.size)


def _widened(text: str, spoken: Sequence[_Word], at: int, step: int, missing: Sequence[str]) -> int:
    """The position after as many further words as the quote has there, within the sentence; of its last one if near."""
    reached = at
    for further in range(1, len(missing) + _STRAY_WORDS + 1) if missing else ():
        place = at + further * step
        if not 0 <= place < len(spoken):
            break
        left, right = sorted((place - step, place))
        if any(stop in text[spoken[left].end : spoken[right].start] for stop in _STOPS):
            break
        if further <= len(missing):
            reached = place
        if spoken[place].folded == missing[-1]:
            return place
    return reached


def _edges(text: str, quote: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with the marks that the quote has at its own ends too: brackets of a call, a sign, a unit."""
    words = _words(quote)
    before, after = quote[: words[0].start].strip(), quote[words[-1].end :].strip()
    end += _kept(text[end:], after)
    start -= _kept(text[:start][::-1], before[::-1])
    for mark in ("**", "`"):
        if text[start:end].count(mark) % 2 and text.startswith(mark, end):
            end += len(mark)
    return start, end


def _kept(beside: str, marks: str) -> int:
    """How many characters beside a stretch are the quote's own marks, Markdown between them left standing."""
    kept, left = 0, marks
    for at, character in enumerate(beside):
        if left and character == left[0]:
            kept, left = at + 1, left[1:]
        elif not left or character not in _MARKS:
            break
    return kept
