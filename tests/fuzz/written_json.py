"""Files of the formats that are JSON: a sample's structure with other words, names and times, more or fewer items.

What has the look of an identifier, a time, an address or a word of the format stays as it is, or no reader would know
the file. Broken items are put between the others.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path

from tests.fuzz.cases import SAMPLES, Case, stored
from tests.fuzz.ink import Ink

_NAMES = re.compile(r"(?i)^(?:author_?name|display_?name|real_?name|speaker(?:_?name)?|full_?name|user_?name|name)$")
_CLOCK = re.compile(r"(\d\d:\d\d:)(\d\d)")
_FIXED = re.compile(r"[\w.:/@#+!$%^&*<>=~|\\-]*")
"""One word: an identifier, a time, an address, a word of the format."""
_WORDS = re.compile(
    r"(?i)^(?:text|body|content|message|description|title|summary|note|words?|name|subject|comment|transcript)$"
)
_STRANGE: tuple[object, ...] = (None, 7, "x", [], {}, True, [[]], {"text": 5}, {"type": "unheard of"})
_NO_RECORDS = ("{", "7", "null", "words", '{"a": 1}', '{"type": "unheard of"}')
"""Lines of no record, for formats of lines; not the first, by which such a file is known."""
_MOST_ITEMS = 12


def is_json(folder: Path) -> bool:
    """Whether a reader's samples are all JSON or JSON Lines."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return bool(files) and all(path.suffix in (".json", ".jsonl") for path in files)


def writer(reader: str) -> Callable[[Ink], Case]:
    """A writer of files like a reader's samples."""

    def written(ink: Ink) -> Case:
        found = [case for _, case in stored(SAMPLES / reader)]
        chosen = ink.random.choice(found)
        return Case(tuple((name, _rewritten(name, data, ink)) for name, data in chosen.files))

    return written


def _rewritten(name: str, data: bytes, ink: Ink) -> bytes:
    text = data.decode()
    if Path(name).suffix == ".jsonl":
        lines = [_dumped(_value(json.loads(line), "", ink), ink) for line in text.split("\n") if line.strip()]
        if ink.broken:
            lines[1:] = [ink.random.choice(_NO_RECORDS) if ink.is_broken() else line for line in lines[1:]]
        return "\n".join(lines).encode()
    return _dumped(_value(json.loads(text), "", ink), ink).encode()


def _dumped(value: object, ink: Ink) -> str:
    return json.dumps(value, ensure_ascii=ink.random.random() < 0.5)


def _value(value: object, key: str, ink: Ink) -> object:
    if isinstance(value, dict):
        return {name: _value(item, name, ink) for name, item in value.items()}
    if isinstance(value, list):
        return _list(value, key, ink)
    return _text(value, key, ink) if isinstance(value, str) else value


def _list(items: list[object], key: str, ink: Ink) -> list[object]:
    if not items or not isinstance(items[0], dict):
        return [_value(item, key, ink) for item in items]
    kept = items + copy.deepcopy(ink.random.sample(items, min(len(items), ink.random.choice((0, 0, 1, 2)))))
    found = [_value(item, key, ink) for item in kept[:_MOST_ITEMS]]
    for at in range(len(found) - 1, 0, -1):
        if ink.is_broken():
            found.insert(at, ink.random.choice(_STRANGE))
    return found


def _text(value: str, key: str, ink: Ink) -> str:
    if value[:1] in ("{", "["):
        try:
            return json.dumps(_value(json.loads(value), key, ink))
        except ValueError:
            return value
    if _FIXED.fullmatch(value) and not (_WORDS.match(key) and value.isalpha() and value[:1].isupper()):
        return _CLOCK.sub(lambda found: f"{found[1]}{ink.random.randint(0, 59):02}", value)
    if _NAMES.match(key):
        return ink.odd_name()
    if "\n" in value and ink.random.random() < 0.7:  # a text with headings or a diff keeps its form
        return f"{ink.say()}\n{value}\n{ink.lines()}"
    return ink.lines() if ink.random.random() < 0.3 else ink.say()
