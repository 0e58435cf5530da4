"""Part of the masking of secrets: identifiers, which must stay different from each other, and names of set-aside rules.

It comes before everything that looks an identifier up, so that none of them is ever searched for or stored.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from ingest.extract.redact import mask
from ingest.fingerprint import fingerprint
from ingest.records import Session, Utterance

_HARMLESS = re.compile(r"[0-9a-fA-F.#-]*")
"""Numbers, hexadecimal digests and UUIDs: most identifiers, and no token is only that."""


def without_secret_ids(session: Session) -> Session:
    """The session with the fingerprint in place of each identifier that holds a secret; equal ones stay equal."""
    aside = Counter[str]()
    for rule, units in session.set_aside:
        aside[mask(rule).text] += units
    return replace(
        session,
        native_id=_id(session.native_id) or session.native_id,
        parent_id=_id(session.parent_id),
        set_aside=tuple(aside.items()),
        utterances=tuple(map(_utterance, session.utterances)),
    )


def _utterance(utterance: Utterance) -> Utterance:
    native_id, parent_id = _id(utterance.native_id), _id(utterance.parent_id)
    if native_id == utterance.native_id and parent_id == utterance.parent_id:
        return utterance
    return replace(utterance, native_id=native_id, parent_id=parent_id)


def _id(value: str | None) -> str | None:
    if value is None or _HARMLESS.fullmatch(value) or not mask(value).edits:
        return value
    return fingerprint(value)
