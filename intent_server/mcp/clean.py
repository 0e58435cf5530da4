"""What a model is shown of other people's text: nothing that it would read and a person would not see.

Invisible, bidi-control and control characters are written out as `⟨U+202E⟩`, never dropped: a quote stays a quote that
can be checked against its source, and what was hidden in it stands in the open.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeVar

from ingest.text import visible
from intent_server.answers import Answer, Cell, Rows
from intent_server.errors import QueryRefused

Shown = TypeVar("Shown", bound=Answer)

_MARK = " […]"
_TEXT_CHARS = (2000, 1000, 500, 250, 120, 60)  # ids, times and cursors are shorter and stay whole
_LIST_ITEMS = (50, 20, 10, 5, 2, 1)


def visible_answer(answer: Shown) -> Shown:
    """The answer with `visible` done to each of its texts."""
    return type(answer).model_validate(_each_text(answer.model_dump()))


def compact(facts: Mapping[str, object]) -> str:
    """The facts as JSON without spaces: the form whose characters are counted."""
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def squeezed(answer: Answer, max_chars: int) -> dict[str, object]:
    """The answer's facts without empty fields, in at most `max_chars` characters of compact JSON.

    For what the answer's own rules did not make fit (a title of many thousand characters, a session of a thousand
    decisions): all texts are cut with a mark, then all lists, shorter and shorter, and `left_out` says so.
    """
    facts: dict[str, object] = answer.model_dump(mode="json", exclude_none=True)
    cuts = [(chars, None) for chars in _TEXT_CHARS] + [(_TEXT_CHARS[-1], items) for items in _LIST_ITEMS]
    shown = facts
    for chars, items in cuts:
        if len(compact(shown)) <= max_chars:
            break
        shown = {name: _cut(fact, chars, items) for name, fact in facts.items()}
        shown["left_out"] = f"{facts.get('left_out', '')} Long texts and lists are cut; get an id to read on.".strip()
    return shown


def squeezed_rows(rows: Rows, max_chars: int) -> dict[str, object]:
    """The rows' facts in at most `max_chars` characters: writing hidden characters out may have made them longer."""
    shown = rows.model_copy(deep=True)
    while len(compact(facts := shown.model_dump(mode="json"))) > max_chars:
        if not any(shown.rows):
            raise QueryRefused(f"The names of its {len(rows.columns)} columns are over {max_chars} characters.")
        shown.truncated = True
        if len(shown.rows) > 1:
            shown.rows.pop()
        else:
            shown.rows = [[_shorter(cell) for cell in row] for row in shown.rows if any(map(_is_long, row))]
    return facts


def _is_long(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) > 2 * len(_MARK)


def _shorter(cell: Cell) -> Cell:
    return cell[: len(cell) // 2] + _MARK if isinstance(cell, str) and _is_long(cell) else cell


def _each_text(part: object) -> object:
    if isinstance(part, str):
        return visible(part)
    if isinstance(part, Mapping):
        return {name: _each_text(inner) for name, inner in part.items()}
    return [_each_text(inner) for inner in part] if isinstance(part, list) else part


def _cut(part: object, chars: int, items: int | None) -> object:
    if isinstance(part, str):
        return part if len(part) <= chars else part[:chars] + _MARK
    if isinstance(part, Mapping):
        return {name: _cut(inner, chars, items) for name, inner in part.items()}
    return [_cut(inner, chars, items) for inner in part[:items]] if isinstance(part, list) else part
