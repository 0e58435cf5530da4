"""A session as pages for a language model: numbered utterances between two lines that the words cannot forge.

Pages begin at the session's start and overlap, so that a choice and its reason stand on one of them; a session that
grows keeps its earlier pages, and with them the answers that were paid for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ingest.fingerprint import fingerprint
from ingest.records import Session, Utterance
from ingest.text import folded, visible

PROMPT_VERSION = 1
"""Raised when llm.md, the page's form or the answer's schema changes; part of what an answer is known by."""
PAGE_CHARS = 24_000
"""Some 6,000 tokens: small local models have room for 8,000, and recall falls with longer pages everywhere."""
OVERLAP_CHARS = 2_400
READ_ROLES = frozenset({"person", "assistant", "document"})
"""Whose words are shown and may be quoted: tools' output, wrappers, summaries and reasoning are never evidence."""
_NAME_CHARS = 60
_CHARS_A_TOKEN = 3.5
"""English on the usual vocabularies has 3.8 to 4.3; 3.5 keeps an estimate on the safe side."""


@dataclass(frozen=True, slots=True)
class Page:
    """One question to a model."""

    number: int
    """From 1."""
    count: int
    prompt: str
    utterances: tuple[int, ...]
    """The utterances shown, by index."""
    fingerprint: str
    """Of all that the model is given: the same page is asked once."""


@dataclass(frozen=True, slots=True)
class _Piece:
    utterance_index: int
    text: str


@cache
def instructions() -> str:
    """What the model is told before the page."""
    return (files("ingest.extract") / "llm.md").read_text("utf-8").strip()


def pages(session: Session) -> tuple[Page, ...]:
    """The session's pages, in order; none where nobody's own words are in it."""
    pieces = list(_pieces(session.utterances))
    cuts = list(_cuts([len(piece.text) + 1 for piece in pieces]))
    return tuple(_page(pieces[first:end], number, len(cuts)) for number, (first, end) in enumerate(cuts, start=1))


def token_estimate(text: str) -> int:
    """About how many tokens a text has; in scripts without spaces a character is one."""
    wide = sum(character >= "\u1000" for character in text)
    return round((len(text) - wide) / _CHARS_A_TOKEN) + wide


def _pieces(utterances: Sequence[Utterance]) -> Iterator[_Piece]:
    """Each utterance with its number and speaker; one longer than half a page in several, all with its number."""
    for one in utterances:
        if one.role not in READ_ROLES:
            continue
        name = folded(visible(one.speaker or one.role), _NAME_CHARS).replace("]", ")")
        for at, part in enumerate(_parts(one.text)):
            more = " (goes on)" if at else ""
            indented = visible(part).replace("\n", "\n    ")
            yield _Piece(one.index, f"[{one.index}] {name}{more}: {indented}")


def _parts(text: str) -> Iterator[str]:
    most = PAGE_CHARS // 2
    while len(text) > most:
        cut = max(text.rfind("\n", most // 2, most), text.rfind(" ", most // 2, most))
        cut = cut if cut > 0 else most
        yield text[:cut]
        text = text[cut:]
    yield text


def _cuts(sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """`[first, end)` of each page: as many as fit, then on from the last ones of it."""
    first = 0
    while first < len(sizes):
        end, size = first, 0
        while end < len(sizes) and (end == first or size + sizes[end] <= PAGE_CHARS):
            size += sizes[end]
            end += 1
        yield first, end
        if end == len(sizes):
            return
        back, shared = end, 0
        while back - 1 > first and shared + sizes[back - 1] <= OVERLAP_CHARS:
            back -= 1
            shared += sizes[back]
        first = back


def _page(pieces: Sequence[_Piece], number: int, count: int) -> Page:
    text = "\n".join(piece.text for piece in pieces)
    mark = fingerprint([PROMPT_VERSION, instructions(), text])
    fence = f"===== conversation {mark.rpartition(':')[2][:16]} ====="
    prompt = f"{fence}\n{text}\n{fence}\nThe page ends here. Give its decisions."
    shown = tuple(dict.fromkeys(piece.utterance_index for piece in pieces))
    return Page(number, count, prompt, shown, mark)
