"""Errors a person can act on, the store and query branch.

IntentError (ingest/errors.py)
├── StoreError                  the database cannot be used
│   ├── StoreMissing            no store here or above
│   ├── StoreLocked             another process held it longer than the wait allows
│   ├── StoreNewer              written by a newer intent-server (or DuckDB) than this one
│   ├── StoreDamaged            the file is not a store, or DuckDB cannot open it
│   └── StoreReadOnly           the place cannot be written
├── NotFound                    no decision, session, evidence or quarantined item by that id
├── AmbiguousId                 a title or short id that fits several
├── RecordingMissing            the recording of some words is not where it was read
├── RecordingChanged            it is there, with other bytes than those that were heard
├── NoPlayer                    nothing on this machine plays a sound
├── PlayerFailed                what plays sounds here did not
├── ExportError                 what was to be imported cannot be
│   ├── ExportDamaged           it is no export, or not what its manifest says
│   └── ExportNewer             a newer intent-server wrote it
├── BadRequest                  an argument that cannot be used: the value, what would work
│   └── QuotesMissing           quotes that do not stand where they should, with the nearest text
└── QueryRefused                SQL handed in that is not one read-only SELECT, or over its limits
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from ingest.errors import IntentError


class StoreError(IntentError):
    """The database at `path` cannot be used."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path


class StoreMissing(StoreError):
    """No store is at the place, nor in any folder above the working directory."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, f"No store at '{path}'. Run `intent init`, or `intent ingest FILE`, which makes one.")


class StoreLocked(StoreError):
    """Another process held the store for longer than the wait; `holder` says who, as far as known."""

    def __init__(self, path: Path, *, holder: str, waited_s: float) -> None:
        super().__init__(
            path, f"The store '{path}' is in use by {holder}; waited {waited_s:.1f} s. Try again, or stop that process."
        )
        self.holder = holder
        self.waited_s = waited_s


class StoreNewer(StoreError):
    """The store was written by a newer version than this one reads."""

    def __init__(self, path: Path, *, found: str, known: str) -> None:
        super().__init__(
            path,
            f"The store '{path}' has {found}; this intent-server reads up to {known}. "
            "Upgrade with `pip install -U intent-server duckdb`.",
        )
        self.found = found
        self.known = known


class StoreDamaged(StoreError):
    """The file is no store, or DuckDB cannot open it; `cause` is DuckDB's word."""

    def __init__(self, path: Path, cause: str) -> None:
        super().__init__(path, f"'{path}' cannot be opened as a store: {cause}. Restore a copy, or ingest anew.")
        self.cause = cause


class StoreReadOnly(StoreError):
    """The folder or file does not take writes."""

    def __init__(self, path: Path, cause: str) -> None:
        super().__init__(path, f"'{path}' cannot be written: {cause}. Choose another place with --store.")
        self.cause = cause


class NotFound(IntentError):
    """Nothing by that id or title."""

    def __init__(self, kind: str, wanted: str, remedy: str) -> None:
        super().__init__(f"No {kind} '{wanted}'. {remedy}")
        self.kind = kind
        self.wanted = wanted


class AmbiguousId(IntentError):
    """A title or short id that fits several; `choices` are full ids."""

    def __init__(self, kind: str, wanted: str, choices: Sequence[str]) -> None:
        super().__init__(f"'{wanted}' fits {len(choices)} {kind}s. Give one of: {', '.join(choices[:10])}.")
        self.kind = kind
        self.wanted = wanted
        self.choices = tuple(choices)


class RecordingMissing(IntentError):
    """The recording in which evidence was heard is not at `place`."""

    def __init__(self, evidence_id: str, place: str) -> None:
        super().__init__(
            f"The recording of evidence {evidence_id} is not at '{place}'. Bring it back, or name where it is now with "
            "--recording FILE."
        )
        self.place = place


class RecordingChanged(IntentError):
    """The file at `place` is not the recording that was heard."""

    def __init__(self, evidence_id: str, place: str) -> None:
        super().__init__(
            f"'{place}' has changed since evidence {evidence_id} was heard in it: these seconds may be others. Ingest "
            "it again, or name the file as it was with --recording FILE."
        )
        self.place = place


class NoPlayer(IntentError):
    """None of the programs `known` is there to play a sound."""

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(
            f"Nothing here plays a sound: none of {', '.join(known)} is installed. Write the seconds to a file with "
            "--out FILE.wav and play that."
        )
        self.known = tuple(known)


class PlayerFailed(IntentError):
    """The program that plays sounds ended with an error."""

    def __init__(self, player: str, code: int) -> None:
        super().__init__(
            f"'{player}' could not play it (exit code {code}): is there a loudspeaker? Write it to a file with "
            "--out FILE.wav and play that elsewhere."
        )
        self.player = player


class ExportError(IntentError):
    """The export at `place` cannot be imported."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(message)
        self.place = place


class ExportDamaged(ExportError):
    """It is no export, or its rows are not those that its manifest tells of; `problem` names what."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(place, f"'{place}' cannot be imported: {problem}. Export it again; nothing was imported.")
        self.problem = problem


class ExportNewer(ExportError):
    """A newer version wrote it."""

    def __init__(self, place: str, *, found: str, known: str) -> None:
        super().__init__(
            place,
            f"'{place}' has {found}; this intent-server imports up to {known}. "
            "Upgrade with `pip install -U intent-server`.",
        )
        self.found = found
        self.known = known


class BadRequest(IntentError):
    """An argument that cannot be used; the text names the value and what would work."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A quote that was not found. `nearest`: the words that come nearest, with their place; None for none."""

    kind: str
    quote: str
    nearest: str | None


class QuotesMissing(BadRequest):
    """Quotes that do not stand where they should; `missed` has each with the nearest text."""

    def __init__(self, where: str, missed: Sequence[Missed]) -> None:
        told = " ".join(
            f"{one.kind} “{_short(one.quote)}”: "
            + (f"nearest is {one.nearest}." if one.nearest else "nothing near it.")
            for one in missed
        )
        super().__init__(f"Not said in {where}: {told} Quote the words exactly as they stand.")
        self.where = where
        self.missed = tuple(missed)


class QueryRefused(IntentError):
    """SQL handed in that is not one read-only SELECT, fails, or goes over its limits."""


class ExitCode(IntEnum):
    """What the process says to the shell."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    STORE = 3
    QUARANTINED = 4
    INTERRUPTED = 130


def exit_code_for(error: IntentError) -> ExitCode:
    """3 for a store that is missing, locked or newer; 2 for a request that cannot be used; else 1."""
    if isinstance(error, StoreError):
        return ExitCode.STORE
    if isinstance(error, (BadRequest, AmbiguousId)):
        return ExitCode.USAGE
    return ExitCode.FAILED


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:120]}…"
