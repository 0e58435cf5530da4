"""SpecStory's dialect of early 2025, which opens with the heading `## SpecStory`, cut into blocks.

The next heading is the title with a local time. Each turn stands below a rule (`---`) under its own role line: the
user's, the assistant's, or `_****_`, which the agent's steps have after its first words. A step is prose, or what one
tool shows: a `diff`, a `bash` command with its output, a `<details>` with a search's hits, `Read file: …`, an error.

A role line below a rule opens a turn inside a code fence too: of 211 real files 17 leave a fence open, which would hide
the turns behind it, and none quotes a turn. Only a command's output, which may show another history, goes on to a role
line whose rule stands below a closing fence; each of 2,269 real outputs ends so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from ingest import times
from ingest.readers.specstory_blocks import HEAD_LINES, Block, Header, is_word_line, stretch
from ingest.readers.specstory_steps import RULE
from ingest.readers.specstory_tools import Tool, cut

_HEADING = "## SpecStory"
_ROLE = re.compile(r"_(?:\*\*(User|Assistant|)\*\*|(?:\\\*){4})_\s*$")
"""Formatters of Markdown put a backslash before each star of the empty one."""
_RULES = frozenset({RULE, "***", "- ***"})
"""As the format writes them, and as formatters rewrite them."""
_STAMP = re.compile(
    r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4}),?\s+(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s*([AP])\.?M\.?)?", re.IGNORECASE
)
_YEARS = 1000  # a year of two digits tells none
_THINK, _THOUGHT = "<think>", "</think>"
_FENCE = "```"
_COMMAND = "```bash"
_DETAILS = re.compile(r"<details>[ \t]*\n\s*<summary>(.*?)</summary>(.*)</details>", re.DOTALL)
_READ = re.compile(r"(Read file): .+")
_REMARK = re.compile(
    r"Cancelled|Tool call timed out after \d+ms|Error calling tool\.?|Command contains newline characters\.?"
    r"|Model failed to call the tool with correct arguments\.?"
    r"|Could not find file (?:'|\S+ in the workspace).*|Could not resolve URI: .*"
    r"|The edit introduced the following new linter errors:.*",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Opening:
    """The first lines: the title, its stamp as written, and where the first role line stands."""

    title: str
    stamp: str
    role_at: int


def opening(lines: Sequence[str]) -> Opening | None:
    """The three opening lines of the dialect, in this order and with nothing but blank lines between; else None."""
    begin = next((number for number, line in enumerate(lines) if line.strip("\ufeff \t\r")), 0)
    inked = [number for number in range(begin, min(begin + HEAD_LINES, len(lines))) if lines[number].strip()][:3]
    if len(inked) < 3 or lines[inked[0]].strip("\ufeff \t\r") != _HEADING or not _ROLE.match(lines[inked[2]]):
        return None
    title, _, stamp = lines[inked[1]].rstrip().rpartition(" (")
    if not title.startswith("## ") or not stamp.endswith(")") or _STAMP.fullmatch(stamp[:-1]) is None:
        return None
    return Opening(title.removeprefix("## ").strip(), stamp[:-1], inked[2])


def started(stamp: str, name: str) -> datetime | None:
    """The title's local time, taken as UTC; None where neither numbers, file name nor AM/PM tell day from month."""
    match = _STAMP.fullmatch(stamp)
    if match is None:
        return None
    first, second, third, hour, minute, clock_second = (int(part or 0) for part in match.groups()[:6])
    half = match[7] or ""
    if max(first, third) < _YEARS or (half and hour > 12):
        return None
    if half:
        hour = hour % 12 + (12 if half in "pP" else 0)
    days = [(first, second, third)] if first > 31 else [(third, first, second), (third, second, first)]
    try:
        clock = time(hour, minute, clock_second)
    except ValueError:
        return None
    day = _told_apart([real for parts in days if (real := _day(*parts))], name, is_american=half.isupper())
    return times.utc(f"{day}T{clock}") if day else None


def shown(text: str) -> Tool | None:
    """What one tool shows, where the whole text of a step is that; None for prose."""
    if details := _DETAILS.fullmatch(text):
        words = details[1].strip()
        return Tool(" ".join(words.split()[:2]), cut(f"{words}\n{details[2].strip()}".strip()))
    if read := _READ.fullmatch(text):
        return Tool(read[1], text)
    if _REMARK.fullmatch(text):
        return Tool("tool", cut(text))
    label = _fenced(text.split("\n"))
    return None if label is None else Tool(label or "code", cut(text))


def early_blocks(lines: Sequence[str], first: int) -> Iterator[Block]:
    """Every block in file order; `first` is the line of the first role line."""
    is_answer = False
    for at, end in _turns(lines, first):
        label = _label(lines[at])
        header = Header(label == "User", None, None, is_side=False)
        start, stop = stretch(lines, at + 1, end)
        if start < stop and not label and is_answer:
            yield Block("text", start, stop, header, "a turn without a name right below the user's")
        elif start < stop:
            yield from _parts(lines, start, stop, header, is_answer=is_answer)
        is_answer = label == "User"


def count_early(lines: Sequence[str], first: int) -> int:
    """How many blocks there are: turns that hold any word, and thoughts that more stands behind."""
    count = 0
    for at, end in _turns(lines, first):
        inked = [line for line in lines[at + 1 : end] if is_word_line(line, is_preamble=False)]
        turn = "\n".join(inked)
        _, _, behind = turn.partition(_THOUGHT) if turn.startswith(_THINK) else ("", "", "")
        count += bool(inked) + bool(behind.strip())
    return count


def _label(line: str) -> str:
    match = _ROLE.match(line)
    return (match[1] or "") if match else ""


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _told_apart(days: Sequence[date], name: str, *, is_american: bool) -> date | None:
    """The day meant: the one in the file's name, else the only one, else before AM or PM the one with month first."""
    named = times.date_in_name(name)
    if named is not None and named.date() in days:
        return named.date()
    return days[0] if days and (is_american or len(set(days)) == 1) else None


def _turns(lines: Sequence[str], first: int) -> Iterator[tuple[int, int]]:
    """`[role line, end)` of each turn, without the rule below it."""
    marks = [(number, _rule(lines, number)) for number in range(first + 1, len(lines)) if _ROLE.match(lines[number])]
    ends = [(at, rule) for at, rule in marks if rule is not None]
    at, following, is_hopeless = first, 0, False
    while following < len(ends):
        chosen = following
        if not is_hopeless and _shows_output(lines, at, ends[following][1]):
            closed = (n for n in range(following, len(ends)) if _last(lines, ends[n][1]) == _FENCE)
            chosen = next(closed, len(ends))
            is_hopeless = chosen == len(ends)
            chosen = following if is_hopeless else chosen
        yield at, ends[chosen][1]
        at, following = ends[chosen][0], chosen + 1
    yield at, len(lines)


def _shows_output(lines: Sequence[str], role_at: int, end: int) -> bool:
    """Whether the step up to here is a command whose output has begun in a second fence, and that fence is open."""
    start = next((number for number in range(role_at + 1, end) if lines[number].strip()), end)
    if _label(lines[role_at]) == "User" or start == end or not lines[start].startswith(_COMMAND):
        return False
    bare = _bare_fences(lines, start + 1, end)
    return _has_output(lines, bare) and (len(bare) == 2 or _last(lines, end) != _FENCE)


def _bare_fences(lines: Sequence[str], start: int, end: int) -> list[int]:
    return [number for number in range(start, end) if lines[number].rstrip() == _FENCE]


def _has_output(lines: Sequence[str], bare: Sequence[int]) -> bool:
    """Whether right below the fence that ends a command a second one begins."""
    return len(bare) > 1 and not any(line.strip() for line in lines[bare[0] + 1 : bare[1]])


def _rule(lines: Sequence[str], role_at: int) -> int | None:
    """The line of the rule above a role line, with a blank line between; else None."""
    at = role_at - 1
    while at > 0 and not lines[at].strip():
        at -= 1
    return at if at < role_at - 1 and lines[at].strip() in _RULES else None


def _last(lines: Sequence[str], end: int) -> str:
    """The last line before this one that is not blank."""
    return next((lines[number].rstrip() for number in range(end - 1, -1, -1) if lines[number].strip()), "")


def _parts(lines: Sequence[str], start: int, stop: int, header: Header, *, is_answer: bool) -> Iterator[Block]:
    """A turn's thought, if it opens with one, and its words; or what its tool shows."""
    if lines[start].startswith(_THINK):
        closing = next((number for number in range(start, stop) if _THOUGHT in lines[number]), None)
        if closing is None:
            yield Block("thought", start, stop, header, "a thought block that is never closed")
            return
        to_char = lines[closing].index(_THOUGHT) + len(_THOUGHT)
        yield Block("thought", start, closing + 1, header, to_char=to_char)
        if lines[closing][to_char:].strip():
            yield Block("text", closing, stop, header, from_char=to_char)
            return
        start, stop = stretch(lines, closing + 1, stop)
        if start < stop:
            yield Block("text", start, stop, header)
        return
    tool = None if header.is_user else shown("\n".join(lines[start:stop]))
    is_step = tool is not None and not (is_answer and tool.name in {"code", "tool"})
    yield Block("tool" if is_step else "text", start, stop, header)


def _fenced(step: Sequence[str]) -> str | None:
    """The label of the fence that a step consists of, be it with a command's output in a second one; else None."""
    label = step[0].rstrip().removeprefix(_FENCE)
    bare = _bare_fences(step, 1, len(step))
    if not bare or step[0].rstrip() not in {_FENCE, "```diff", _COMMAND}:
        return None
    is_whole = bare[-1] == len(step) - 1
    if label == "bash" and _has_output(step, bare):
        return label if is_whole or len(bare) == 2 else None  # two: an output that was cut short
    return label if is_whole and len(bare) == 1 else None
