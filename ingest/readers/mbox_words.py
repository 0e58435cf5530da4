"""Part of the mbox reader: what of a message its author wrote, apart from quotations, signature and patch.

Lines that a mail program broke at its width are joined again; a break that the width did not force stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

_QUOTED = re.compile(r"\s{0,3}(?:[A-Z]{1,3})?>")
_MARKS = re.compile(r"^(?:\s{0,3}(?:[A-Z]{1,3})?>)+ ?")
_SIGNATURE = re.compile(r"--[ \t]?$")
_SCRUBBED = re.compile(r"-{8,} next part -{8,}$|-----BEGIN PGP SIGNATURE-----$")
_FOOTER = re.compile(r"_{20,}$")
_NOTICE = re.compile(
    r"(?:base-commit|change-id|prerequisite-[a-z-]{1,20}): \S|-----BEGIN PGP SIGNED MESSAGE-----$|Hash: SHA\d+$"
)
_TRAILER = re.compile(r"[A-Z][a-z]+(?:-[a-z]+){0,4}-by: |(?:Cc|Link|Fixes|Closes): ")
_ORIGINAL = re.compile(
    r"(?:-{2,}|_{2,})\s*(?:original message|forwarded message|forwarded by .{1,80}|begin forwarded message"
    r"|urspr[üu]ngliche nachricht|original-nachricht|weitergeleitete nachricht|message d['’]origine"
    r"|message transf[ée]r[ée]"
    r"|mensaje original|messaggio originale|oorspronkelijk bericht)\s*:?\s*(?:-{2,}|_{2,})?$"
    r"|begin forwarded message:$",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_-]{10,}$")
_MAY_BEGIN_COPY = re.compile(r"\s{0,8}(?:[-_*]|begin |from|von|d[ea]\b|van|on |am |le |el |il |op )", re.IGNORECASE)
"""The first words of every line that can: the rest need not be tried."""
_COPIED_FROM = re.compile(r"\*?(?:from|von|de|da|van)\s?:\*?\s.*\S", re.IGNORECASE)
_COPIED_NEXT = re.compile(
    r"\*?(?:sent|date|to|cc|subject|gesendet|an|betreff|datum|envoy[ée]|objet|enviado|para|asunto)\s?:\*?(?:\s|$)",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"(?:\b(?:wrote|writes|said|schrieb|a [ée]crit|escribi[óo]|escreveu|ha scritto|skrev|schreef|kirjoitti"
    r"|napisa[łl])\b.*"
    r"|.*@\S+>?|.* at \S+\.\S+>?|.*\b(?:19|20)\d\d\b.*)\s?:$",
    re.IGNORECASE,
)
_ON_WROTE = re.compile(
    r"(?:On|Am|Le|El|Il|Op) .{6,300} (?:wrote|schrieb.{0,80}|a écrit|escribió|ha scritto|schreef)\s?:$"
)
_PATCH = re.compile(r"diff (?:--git|-\w)|--- a/|Index: \S|\*\*\* a/")
_PATCH_GOES_ON = re.compile(
    r"(?:diff|index|Index|---|\+\+\+|@@|new file|deleted file|old mode|new mode|rename|similarity|dissimilarity|copy"
    r"|Binary files|GIT binary|literal|delta|={10,})(?:\W|$)|[ +\-\\!]|$"
)
_DIFFSTAT = re.compile(
    r" \S.{0,200}\|\s+(?:\d+|Bin)(?:\s|$)|\s\d+ files? changed(?:,|$)|\s(?:create|delete|rename) mode? ?"
)
_ITEM = re.compile(r"\s*(?:[-*+•·]|\(?\d{1,3}[.)]|\[\d+\]|[A-Za-z-]{3,30}-by:)\s")
_MOST_ATTRIBUTION_LINES = 3
_QUOTE_CHARS = 600
"""Of a quotation that is answered, its last paragraph is kept up to here, for who reads the answer."""
_WIDE = 90
_NARROW = 50
"""Lines between these widths may have been broken by a program; beyond, lines are paragraphs."""
_RAGGED = 10
"""How much shorter than its message's width a line may be and still have been broken by a program."""

Kind = Literal["own", "quoted"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a message: the author's words, or the end of the quotation that they answer."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A message's text in pieces, and what was left out."""

    pieces: tuple[Piece, ...]
    has_quotation: bool
    has_patch: bool


def words_of(text: str) -> Words:
    """The pieces of a plain-text body, in order; quotations only where an answer follows."""
    lines = text.expandtabs(8).split("\n")
    marks = _marked(lines)
    blocks: list[tuple[str, list[str]]] = []
    for mark, line in zip(marks, lines, strict=True):
        if not blocks or blocks[-1][0] != mark:
            blocks.append((mark, []))
        blocks[-1][1].append(line)
    width = _width([line for mark, rows in blocks if mark == "own" for line in rows])
    pieces: list[Piece] = []
    quoted = ""
    for mark, rows in blocks:
        if mark == "quoted":
            quoted = _last_paragraph(rows) or quoted
        elif mark == "own" and (said := _unwrapped(rows, width)):
            if quoted:
                pieces.append(Piece("quoted", quoted))
            pieces.append(Piece("own", said))
            quoted = ""
    return Words(tuple(pieces), "quoted" in marks, "patch" in marks)


def _marked(lines: Sequence[str]) -> list[str]:
    """For each line `own`, `quoted`, `patch` or `left` (signature, footer, lines that introduce a quotation)."""
    marks: list[str] = []
    is_patch = False
    for at, line in enumerate(lines):
        if line[:1] in ("-", "_") and _ends(lines, at):
            marks += ["left"] * (len(lines) - at)
            break
        if _MAY_BEGIN_COPY.match(line) and _begins_copy(lines, at):
            marks += ["quoted"] * (len(lines) - at)
            break
        if _QUOTED.match(line):
            _attribute(marks, lines, at)
            marks.append("quoted")
            is_patch = False
            continue
        if not line and not is_patch:
            marks.append("own")
            continue
        is_patch = bool(_PATCH.match(line)) or (is_patch and bool(_PATCH_GOES_ON.match(line)))
        is_notice = is_patch or line == "---" or _DIFFSTAT.match(line) or _NOTICE.match(line)
        marks.append("patch" if is_notice else "own")
    return marks


def _ends(lines: Sequence[str], at: int) -> bool:
    """Whether the author's text ends before this line: a signature, a list's footer, attachments that were cut off."""
    line = lines[at]
    following = lines[at + 1] if at + 1 < len(lines) else ""
    is_footer = _FOOTER.match(line) and following.rstrip().endswith("mailing list")
    return bool(_SIGNATURE.match(line) or _SCRUBBED.match(line) or is_footer)


def _begins_copy(lines: Sequence[str], at: int) -> bool:
    """Whether all the rest is another message, copied below this one without quote marks."""
    line = lines[at].strip()
    if _ORIGINAL.match(line):
        return True
    following = [other.strip() for other in lines[at + 1 : at + 6]]
    if _ON_WROTE.match(line):
        after = next((other for other in following if other), "")
        return bool(after) and not after.startswith(">")
    if _RULE.match(line) and following and _COPIED_FROM.match(following[0]):
        return True
    return bool(_COPIED_FROM.match(line)) and sum(bool(_COPIED_NEXT.match(other)) for other in following) >= 2


def _attribute(marks: list[str], lines: Sequence[str], at: int) -> None:
    """Take the lines that introduce a quotation (`On … Mara wrote:`) out of the author's words."""
    last = at - 1
    while last >= 0 and marks[last] == "own" and not lines[last].strip() and at - last <= _MOST_ATTRIBUTION_LINES:
        last -= 1
    if last < 0 or marks[last] != "own" or not lines[last].rstrip().endswith(":"):
        return
    first = last
    while first > 0 and marks[first - 1] == "own" and lines[first - 1].strip() and last - first < 2:
        if _opens_attribution(lines[first]):
            break
        first -= 1
    whole = " ".join(line.strip() for line in lines[first : last + 1])
    if not _opens_attribution(lines[first]):
        first, whole = last, lines[last].strip()
    if len(whole) <= 400 and (_WROTE.match(whole) or _WROTE.search(whole)):
        marks[first:at] = ["left"] * (at - first)


def _opens_attribution(line: str) -> bool:
    return bool(re.match(r"\s*(?:On|Am|Le|El|Il|Op|Em|W dniu|Quoting|\d{4}-\d\d-\d\d|\d{1,2}\W\w+\W)\b", line))


def _last_paragraph(rows: Sequence[str]) -> str:
    """The end of a quotation without its marks, as it stands; nothing where only blank lines are quoted."""
    taken: list[str] = []
    length = 0
    for row in reversed(rows):
        plain = _MARKS.sub("", row).rstrip()
        if _TRAILER.match(plain):
            continue
        if (not plain and taken) or length > _QUOTE_CHARS:
            break
        if plain:
            taken.append(plain)
            length += len(plain)
    return "\n".join(reversed(taken))[-_QUOTE_CHARS:].strip()


def _width(rows: Sequence[str]) -> int:
    """The width at which a program broke lines; 0 where it did not."""
    longest = max((len(row) for row in rows), default=0)
    if longest > _WIDE:
        wide = [len(row) for row in rows if len(row) <= _WIDE]
        is_mixed = sum(length > _NARROW for length in wide) > 2 * sum(len(row) > _WIDE for row in rows)
        longest = max(wide, default=0) if is_mixed else 0
    return min(longest, 76) if longest >= _NARROW else 0


def _unwrapped(rows: Sequence[str], width: int) -> str:
    made: list[list[str]] = []
    before = ""
    for row in rows:
        line = row.rstrip()
        if before and line and width and _goes_on(before, line, width):
            made[-1].append(line.lstrip())
        else:
            made.append([line])
        before = line
    return "\n".join(_single_blanks(" ".join(parts) for parts in made)).strip("\n").rstrip()


def _goes_on(before: str, line: str, width: int) -> bool:
    """Whether a line goes on with the paragraph: its first word did not fit into the line before any more."""
    if _ITEM.match(line) or (line.startswith(" ") and not (_ITEM.match(before) or before.startswith(" "))):
        return False
    return len(before) + 1 + len(line.lstrip().split(" ", 1)[0]) > width - _RAGGED


def _single_blanks(lines: Iterable[str]) -> Iterator[str]:
    """At most one blank line in a row."""
    before = ""
    for line in lines:
        if line or before:
            yield line
        before = line
