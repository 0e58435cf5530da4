"""What a harness writes around an answer in a question dialog: the preview shown with the option, a note, a last word.

Claude Code's result is one sentence, `"question"="answer" selected preview:… user notes: …, "question"="answer". Read
the answers carefully …`. Only the answer and the note are the person's; the preview is the assistant's drawing, the
last word the harness's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BESIDE = re.compile(r'" (?:selected preview:|(?:user )?notes: )')
"""Where an answer ends and what stands beside it begins."""
_LAST_WORD = re.compile(r'"?\. (?:You can now continue|Read the answers)\b')
_NOTE = " user notes: "


@dataclass(frozen=True, slots=True)
class Written:
    """One answer as a harness wrote it, taken apart."""

    answer: str
    note: str = ""
    """What the person typed beside it."""
    preview: str = ""


def without_last_word(sentence: str, start: int = 0) -> tuple[str, str]:
    """The sentence from `start` up to the harness's last word with the quote before it, and that word; "" for none."""
    found = list(_LAST_WORD.finditer(sentence, start))
    if not found:
        return sentence[start:], ""
    return sentence[start : found[-1].start()], sentence[found[-1].start() :].lstrip('". ')


def written(text: str) -> Written:
    """The parts of one answer, which starts right after its opening quote."""
    mark = BESIDE.search(text)
    if mark is None:
        return Written(text.strip().removesuffix('"').strip())
    preview, note = noted(mark[0], text[mark.end() :])
    return Written(text[: mark.start()].strip(), note, preview)


def noted(mark: str, beside: str) -> tuple[str, str]:
    """(preview, note) of what stands behind a mark that `BESIDE` found."""
    if mark.endswith("notes: "):
        return "", beside.strip()
    preview, _, note = beside.partition(_NOTE)
    return preview.strip("\n"), note.strip()
