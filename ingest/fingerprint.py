"""Canonical JSON and the tagged content hash made from it.

The canonical form is part of the documented contract (changing it changes every hash): UTF-8, keys sorted, no white
space, text in NFC, datetimes as ISO 8601 UTC with microseconds, dataclasses as objects of their fields, tuples as
arrays, no NaN. The tag `b2:` names the hash: BLAKE2b, 20 bytes, hexadecimal.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from hashlib import blake2b


def canonical_json(value: object) -> str:
    """The one text that stands for a value, whatever its key order or Unicode form."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def fingerprint(value: object) -> str:
    """`b2:` and the hash of the value's canonical JSON; equal content gives an equal fingerprint."""
    return fingerprint_of_bytes([canonical_json(value).encode("utf-8", "surrogatepass")])


def fingerprint_of_bytes(chunks: Iterable[bytes]) -> str:
    """`b2:` and the hash of the concatenated chunks, as they are."""
    digest = blake2b(digest_size=20)
    for chunk in chunks:
        digest.update(chunk)
    return "b2:" + digest.hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, dict):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(item) for item in value), key=canonical_json)
    return value


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"canonical JSON has text keys, not {key!r}")
    return unicodedata.normalize("NFC", key)
