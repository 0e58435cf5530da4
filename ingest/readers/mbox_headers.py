"""Part of the mbox reader: who wrote a message, when, and which messages it answers, from its headers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from ingest.mime import Headers, decoded, header_text

_MONTHS = {name: at for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_DATE = re.compile(
    r"\b(\d{1,2})[ -]([A-Za-z]{3})[a-z]{0,6}[ -](\d{4}|\d{2})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?"
    r"\s*([+-]\d{4}|[A-Z]{1,4}\b)?",
    re.ASCII,
)
_CLOCK_FIRST = re.compile(
    r"\b([A-Za-z]{3})\s+(\d{1,2})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s+(?:[A-Z]{3,4}\s+)?(\d{4})\b", re.ASCII
)
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2}
_ANGLED = re.compile(r"<\s*([^<>\s]{1,400})\s*>")
_ADDRESS = re.compile(r"[^\s<>()\"']{1,100}(?:@| at )[^\s<>()\"']{1,200}")
_MACHINE = re.compile(r"(?:no-?reply|do-?not-?reply|mailer-daemon|buildbot|jenkins|bugzilla-daemon)\b", re.IGNORECASE)
_VIA = re.compile(r"\s+via\s+\S.{0,80}$")


def written_at(headers: Headers, from_line: bytes) -> datetime | None:
    """When: the `Date` header, else the date of the mailbox's `From ` line."""
    return _rfc_date(header_text(headers, "date")) or _from_line_date(decoded(from_line[:300], ""))


def author(headers: Headers) -> tuple[str | None, bool]:
    """The name shown for the sender, else the address; and whether it is a program."""
    value = header_text(headers, "from")[:1000]
    name = _name(value)
    address = _ADDRESS.search(value)
    auto = header_text(headers, "auto-submitted").lower()
    is_machine = auto.startswith("auto-") or bool(address and _MACHINE.match(address.group()))
    shown = name or (address.group() if address else "") or value
    return (shown or None), is_machine


def own_id(headers: Headers) -> str:
    """The message's id without its brackets; empty where it has none."""
    ids = _ids(headers, "message-id")
    return ids[0] if ids else ""


def answered(headers: Headers) -> list[str]:
    """The ids of the thread above, the root's first."""
    above = _ids(headers, "references")
    return above + [one for one in _ids(headers, "in-reply-to")[:1] if one not in above[-1:]]


def _ids(headers: Headers, name: str) -> list[str]:
    return _ANGLED.findall(header_text(headers, name))


def _name(value: str) -> str:
    """`Name <a@b>`, `"Name" <a@b>`, `a@b (Name)`."""
    before = value.partition("<")[0] if "<" in value else ""
    if not before.strip(' "') and value.rstrip().endswith(")") and "(" in value:
        before = value[value.index("(") + 1 : value.rstrip().rindex(")")]
    name = " ".join(before.replace('\\"', '"').strip().strip("\"'").split())
    return _VIA.sub("", name)


def _rfc_date(value: str) -> datetime | None:
    match = _DATE.search(value[:200])
    if match is None:
        return None
    day, month, year, hour, minute, second, zone = match.groups()
    whole = int(year) + (0 if len(year) == 4 else 1900 if int(year) >= 70 else 2000)
    return _moment((whole, month, day, hour, minute, second), zone or "")


def _from_line_date(value: str) -> datetime | None:
    match = _CLOCK_FIRST.search(value)
    if match is None:
        return None
    month, day, hour, minute, second, year = match.groups()
    return _moment((int(year), month, day, hour, minute, second), "")


def _moment(parts: tuple[int, str, str, str, str, str | None], zone: str) -> datetime | None:
    year, month, day, hour, minute, second = parts
    shift = timedelta(hours=_ZONES.get(zone, 0))
    if zone[:1] in ("+", "-"):
        shift = timedelta(hours=int(zone[:3]), minutes=int(zone[0] + zone[3:]))
    try:
        at = datetime(
            year, _MONTHS[month.lower()], int(day), int(hour), int(minute), min(59, int(second or 0)), tzinfo=UTC
        )
        return at - shift if year > 1970 else None
    except (KeyError, ValueError, OverflowError):
        return None
