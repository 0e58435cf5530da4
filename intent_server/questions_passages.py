"""Pure: of a stretch of conversation, the words that meet a question, short enough to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.text import sentences
from intent_server.answers import Line
from intent_server.search import own_words, terms_among

CUT = "[…]"
"""Stands where a text was cut: no quote is shortened without it."""

PASSAGE_CHARS = 600


@dataclass(frozen=True, slots=True)
class Passage:
    """Some utterances of a stretch, each with who said it or what of a document it is about.

    `text` is cut, and marked so, only within a long one.
    """

    first_utterance: int
    last_utterance: int
    text: str


def passage(
    lines: Sequence[Line],
    weights: Mapping[str, float],
    limit: int = PASSAGE_CHARS,
    gains: Sequence[float] | None = None,
) -> Passage:
    """The utterances around the one that gains most, at most `limit` characters of them.

    `gains`: one a line; when not given, those of the weighted terms that it holds.
    """
    texts = [_spoken(line) for line in lines]
    gains = gains or [_gain(own_words(line.recorded_text), weights) for line in lines]
    first = last = max(range(len(lines)), key=lambda place: (gains[place], -place))
    if len(texts[first]) > limit:
        return Passage(lines[first].utterance_index, lines[first].utterance_index, _cut(lines[first], weights, limit))
    room = limit - len(texts[first])
    while sides := [place for place in (first - 1, last + 1) if 0 <= place < len(texts) and len(texts[place]) < room]:
        side = max(sides, key=lambda place: (gains[place], place))
        first, last, room = min(first, side), max(last, side), room - len(texts[side]) - 1
    told = "\n".join(_told(lines[first : last + 1]))
    return Passage(lines[first].utterance_index, lines[last].utterance_index, told)


def shortened(text: str, limit: int) -> str:
    """The text, or its beginning with a mark where it was cut."""
    if len(text) <= limit:
        return text
    return f"{text[: max(0, limit - len(CUT) - 1)].rstrip()} {CUT}"


def _told(lines: Sequence[Line]) -> Iterator[str]:
    """Each line with who said it; in a document, the first of several about one thing with what they are about."""
    before = None
    for line in lines:
        yield line.recorded_text if line.speaker is None and _head(line) == before else _spoken(line)
        before = _head(line)


def _spoken(line: Line) -> str:
    return f"{_head(line)}{line.recorded_text}"


def _head(line: Line) -> str:
    about = line.speaker or (line.topic if line.role == "document" else None)
    return f"{about}: " if about else ""


def _gain(text: str, weights: Mapping[str, float]) -> float:
    return sum(weights.get(term, 0.0) for term in terms_among(text, weights))


def _cut(line: Line, weights: Mapping[str, float], limit: int) -> str:
    """The best sentence of a long utterance and what follows it, with marks where something was left out."""
    text = line.recorded_text
    cuts = list(sentences(text))
    best = max(range(len(cuts)), key=lambda place: (_gain(text[slice(*cuts[place])], weights), -place))
    start, end = cuts[best]
    for _, later in cuts[best + 1 :]:
        if later - start > limit:
            break
        end = later
    shown = shortened(text[start:end], limit)
    tail = f" {CUT}" if end < len(text.rstrip()) and not shown.endswith(CUT) else ""
    return f"{_head(line)}{f'{CUT} ' if start > 0 else ''}{shown}{tail}"
