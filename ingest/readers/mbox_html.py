"""Part of the mbox reader: an HTML message as text. Linear on any input, where `html.parser` is not in Python 3.11."""

from __future__ import annotations

import html
import re

_TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})[^<>]*+>|<!(?:--|[A-Za-z])")
_SKIPPED = frozenset({"script", "style", "head", "title"})
_BREAKS = frozenset(
    {"br", "p", "div", "tr", "li", "ul", "ol", "table", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "hr"}
)
_PARAGRAPHS = frozenset({"p", "blockquote", "ul", "ol", "table", "pre", "h1", "h2", "h3", "h4", "h5", "h6"})


def html_text(markup: str) -> str:
    """The words of an HTML document; lines inside a `blockquote` begin with `> ` as in plain mail."""
    written = _Written()
    at, skipped = 0, ""
    ends = {mark: markup.rfind(mark) for mark in ("-->", ">")}
    while (token := _TOKEN.search(markup, at)) is not None:
        if not skipped:
            written.say(markup[at : token.start()])
        at = token.end()
        name = (token[2] or "").lower()
        if not name:
            mark = "-->" if token.group().endswith("--") else ">"
            at = markup.find(mark, at) + len(mark) if at <= ends[mark] else at
        elif skipped or name in _SKIPPED:
            skipped = "" if token[1] and name == skipped else skipped or ("" if token[1] else name)
        else:
            written.tag(name, is_closing=bool(token[1]))
    if not skipped:
        written.say(markup[at:])
    return written.text()


class _Written:
    """The lines made so far, and how deep in quotations the next one is."""

    def __init__(self) -> None:
        """Nothing written yet."""
        self._lines: list[str] = []
        self._pieces: list[str] = []
        self._depth = 0

    def say(self, markup: str) -> None:
        self._pieces.append(markup)

    def tag(self, name: str, *, is_closing: bool) -> None:
        if name in _BREAKS:
            self._end(is_paragraph=name in _PARAGRAPHS)
        if name == "li" and not is_closing:
            self._pieces.append("- ")
        if name == "blockquote":
            self._depth = max(0, min(9, self._depth + (-1 if is_closing else 1)))

    def text(self) -> str:
        self._end(is_paragraph=False)
        return "\n".join(self._lines).strip("\n")

    def _end(self, *, is_paragraph: bool) -> None:
        words = " ".join(html.unescape("".join(self._pieces)).split())
        self._pieces = []
        mark = ">" * self._depth
        if words:
            self._lines.append(f"{mark} {words}" if mark else words)
        if is_paragraph and self._lines and self._lines[-1].strip("> "):
            self._lines.append(mark)
