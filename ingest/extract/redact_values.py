"""Secrets known by the name they stand beside: `password: …`, `API_KEY=…`, `the password is …`.

Quoted values are found by detect-secrets' keyword rules and its filters of false alarms; values without quotes, which
prose and shell lines have, by rules that ask more of the value: it must look like no word, path or reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

KEYWORDS = (
    "password", "passwd", "passphrase", "passcode", "pwd", "secret", "contraseña", "contrasena", "db_pass", "dbpass",
    "api_key", "apikey", "api-key", "api key", "auth_key", "authkey", "service_key", "servicekey", "account_key",
    "accountkey", "access_key", "accesskey", "access-key", "db_key", "database_key", "priv_key", "private_key",
    "privatekey", "client_key", "key_pass", "keypass", "token", "credential",
)  # fmt: skip
_ASSIGNED = re.compile(
    r"(?P<key>(?:password|passwd|passphrase|pwd|secret|(?:api|access|auth|account|private|service|client)[_-]?key"
    r"|token|credentials?)[\w-]{0,30})\\{0,3}[\"'`]?\]?(?P<op>[ \t]*(?::=|=>|[:=])[ \t]*)\\{0,3}[\"'`]?"
    r"(?P<value>[^\s\"'`,;&<>(){}\[\]]{6,4000})(?P<after>[(\[{]?)",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"\b(?P<key>password|passphrase|passcode|api key|(?:access |auth |bearer )?token)(?: for [\w-]+)?"
    r" (?:is|was) (?:now )?[\"'`]?(?P<value>[^\s\"'`,;()<>]{6,200})",
    re.IGNORECASE,
)
_PLACEHOLDERS = frozenset(
    (
        "string", "str", "text", "null", "none", "nil", "true", "false", "undefined", "required", "optional", "hidden",
        "password", "passwd", "secret", "token", "invalid", "missing", "empty", "default", "redacted", "masked",
        "placeholder", "unknown", "wrong", "correct", "changed",
    )
)  # fmt: skip
_REFERENCE = re.compile(r"[A-Za-z_][A-Za-z_.]*")
_BARE_VALUE_LENGTH = 16
"""`secret: x` and `token = x` are words of every day: without other signs their value must look like a token."""
_COUNTED = re.compile(r"(?i)passw|passphrase|passcode|pwd|_?key|contrase")
_PATH = re.compile(r"[~/.@\\]|[A-Za-z]:[\\/]")
_WORD_END = re.compile(r"\w+$")
_QUOTE = re.compile(r"[\"'`]")
_LONGEST_LINE = 10_000
"""detect-secrets' keyword rules take seconds on longer lines, which no person wrote."""
_SHORTEST_QUOTED, _SHORTEST_VALUE = 4, 6
_ENDING = ".,:!?*\\"
"""A backslash stands before the closing quote of JSON in JSON."""


def is_named(line: str) -> bool:
    """Whether a word that secrets stand beside occurs in the line."""
    return any(map(line.lower().__contains__, KEYWORDS))


def is_template(value: str) -> bool:
    """Whether a value stands for another: `${X}`, `<token>`, `****`."""
    return value[:1] in "$<{%[" or not any(char.isalnum() for char in value) or set(value.lower()) <= set("x*.-_")


def values(line: str) -> Iterator[tuple[int, int]]:
    """`[start, end)` of each secret value that the line names; they may overlap."""
    yield from _quoted(line)
    yield from _assigned(line)
    yield from _spoken(line)


def _quoted(line: str) -> Iterator[tuple[int, int]]:
    if len(line) > _LONGEST_LINE or not _QUOTE.search(line):
        return
    from ingest.extract.redact_detectors import named_values  # noqa: PLC0415 - see redact: its import takes 0.2 s

    for start, end in named_values(line):
        value = line[start:end]
        if (
            len(value) >= _SHORTEST_QUOTED
            and not is_template(value)
            and value.lower() not in _PLACEHOLDERS
            and (" " not in value or _has_digit_and_letter(value))
        ):
            yield start, end


def _assigned(line: str) -> Iterator[tuple[int, int]]:
    for match in _ASSIGNED.finditer(line):
        value = match["value"].rstrip(_ENDING)
        if not match["after"] and _is_secret(_name(line, match), match["op"], value):
            yield match.start("value"), match.start("value") + len(value)


def _name(line: str, match: re.Match[str]) -> str:
    """The whole word that the key ends: `DB_PASSWORD` of `export DB_PASSWORD=`."""
    before = _WORD_END.search(line[max(0, match.start() - 40) : match.start()])
    return (before.group() if before else "") + match["key"]


def _spoken(line: str) -> Iterator[tuple[int, int]]:
    for match in _SPOKEN.finditer(line):
        value = match["value"].rstrip(_ENDING)
        if _is_secret(match["key"], " is ", value):
            yield match.start("value"), match.start("value") + len(value)


def _is_secret(key: str, op: str, value: str) -> bool:
    if len(value) < _SHORTEST_VALUE or is_template(value) or _PATH.match(value) or "://" in value:
        return False
    if value.lower() in _PLACEHOLDERS or value.lower() == key.lower():
        return False
    is_setting = op == "=" and key.isupper()
    if _REFERENCE.fullmatch(value):
        return is_setting and "." not in value
    if is_setting or _COUNTED.search(key):
        return _has_digit_and_letter(value) or any(char in "!#^&+" for char in value)
    return len(value) >= _BARE_VALUE_LENGTH and _has_digit_and_letter(value)


def _has_digit_and_letter(value: str) -> bool:
    return any(char.isdigit() for char in value) and any(char.isalpha() for char in value)
