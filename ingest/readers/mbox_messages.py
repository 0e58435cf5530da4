"""Part of the mbox reader: a message's sender, time, thread and words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from ingest.mime import Leaf, header_text, leaves, split_message, text_of
from ingest.readers.mbox_headers import answered, author, own_id, written_at
from ingest.readers.mbox_html import html_text
from ingest.readers.mbox_split import Raw
from ingest.readers.mbox_words import Piece, words_of
from ingest.records import Rejected
from ingest.text import normalise

_REPLY = re.compile(
    r"\s*(?:(?:re|aw|sv|antw|vs|odp|ref|fwd?|wg|tr|rv)\s*(?:\[\d{1,3}\])?\s*:|\[[^\[\]]{0,80}\])\s*", re.IGNORECASE
)
_IS_REPLY = re.compile(r"\s*(?:\[[^\[\]]{0,80}\]\s*)*(?:re|aw|sv|antw|vs|odp)\s*(?:\[\d{1,3}\])?\s*:", re.IGNORECASE)
_PATCH_TAG = re.compile(r"\[[^\[\]]{0,60}\bPATCH\b[^\[\]]{0,40}\]", re.IGNORECASE)
_QUOTED_CHARS = 2000


@dataclass(frozen=True, slots=True)
class Mail:
    """One message, read."""

    place: str
    own: str
    """Its Message-ID; empty where it has none."""
    above: tuple[str, ...]
    """The ids it answers, the root's first."""
    subject: str
    bare_subject: str
    """Without what marks an answer, a list or a patch; folded for comparison."""
    is_follow_up: bool
    """Whether its subject says that it answers or repeats another message."""
    speaker: str | None
    is_machine: bool
    at: datetime | None
    pieces: tuple[Piece, ...]
    rule: str
    attachments: int


def mail(raw: Raw) -> Mail | Rejected:
    """The message of a stretch of the file."""
    place = f"message {raw.number}, line {raw.line}"
    headers, body = split_message(raw.data)
    if not headers:
        return Rejected("no header", place, normalise(raw.data[:_QUOTED_CHARS].decode("utf-8", "replace")))
    subject = header_text(headers, "subject")
    speaker, is_machine = author(headers)
    parts = list(leaves(headers, body))
    words = words_of(_text(parts))
    own = any(piece.kind == "own" for piece in words.pieces)
    return Mail(
        place=place,
        own=own_id(headers),
        above=tuple(answered(headers)),
        subject=subject,
        bare_subject=_bare(subject).casefold(),
        is_follow_up=bool(_IS_REPLY.match(subject) or _PATCH_TAG.search(subject)),
        speaker=speaker,
        is_machine=is_machine,
        at=written_at(headers, raw.from_line),
        pieces=words.pieces if own else (),
        rule="" if own else "patch" if words.has_patch and not words.has_quotation else "no_words",
        attachments=sum(part.is_attached or not part.kind.startswith("text/") for part in parts),
    )


def shown_subject(subject: str) -> str:
    """A subject without the marks of an answer before it; tags in brackets stay."""
    return re.sub(r"^\s*(?:(?:re|aw|sv|antw)\s*(?:\[\d{1,3}\])?\s*:\s*)+", "", subject, flags=re.IGNORECASE)


def _bare(subject: str) -> str:
    at = 0
    while (mark := _REPLY.match(subject, at)) is not None:
        at = mark.end()
    return subject[at:].strip()


def _text(parts: list[Leaf]) -> str:
    """The plain text of a message, else its HTML as text."""
    shown = [part for part in parts if not part.is_attached]
    plain = [_flowed(text_of(part)) if part.is_flowed else text_of(part) for part in shown if part.kind == "text/plain"]
    if any(text.strip() for text in plain):
        return "\n".join(plain)
    return "\n".join(normalise(html_text(text_of(part))) for part in shown if part.kind == "text/html")


def _flowed(text: str) -> str:
    """`format=flowed` (RFC 3676): a line that ends in a space goes on in the next one of the same quotation depth."""
    made: list[list[str]] = []
    goes_on, depth = False, 0
    for line in text.split("\n"):
        own_depth = len(line) - len(line.lstrip(">"))
        words = line[own_depth:].removeprefix(" ") if own_depth else line.removeprefix(" ")
        if goes_on and own_depth == depth:
            made[-1].append(words)
        else:
            made.append([f"{'>' * own_depth} {words}" if own_depth else words])
        goes_on, depth = words.endswith(" ") and words != "-- ", own_depth
    return "\n".join("".join(parts) for parts in made)
