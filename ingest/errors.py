"""Errors a person can act on, the ingest branch.

IntentError
├── SourceError                 a file, folder or standard input cannot be read
│   ├── SourceMissing           nothing is there
│   ├── SourceUnreadable        the system refuses (permission, a loop of links, an input/output error)
│   ├── NoRegularFile           a pipe, a socket or a device, where a file is needed
│   ├── SourceTooLarge          over the size one reader takes as a whole
│   ├── SourceEmpty             no bytes, or only white space
│   ├── WrongEncoding           bytes that are not text in the declared encoding
│   ├── SourceMalformed         the whole file breaks the rules of the format that its reader expects
│   ├── ExtraMissing            its reader needs an optional extra that is not installed
│   ├── HearingMissing          it is a recording, and nobody said how to transcribe one
│   ├── WhisperMissing          it is a recording, and the model that would transcribe it is not on this machine
│   ├── WhisperUnusable         that model cannot be loaded, or cannot do what was asked
│   ├── NoSound                 a film without a sound track
│   ├── SpeakersUnreadable      what was to say who speaks in it (a roster, RTTM, WhisperX JSON) is not that
│   ├── NoReader                no reader accepts it
│   ├── AmbiguousReader         two readers accept it equally well
│   └── UnitsUnaccounted        a reader kept, set aside and refused another number of units than it was given
├── ReaderClash                 two readers of one name are installed
└── ModelUnusable               the language model that was asked for cannot be asked
(the store and query branch is in intent_server/errors.py)

Bad data is never an exception: it is a `records.Rejected` value, kept in quarantine.
"""

from __future__ import annotations

from collections.abc import Sequence


class IntentError(Exception):
    """The root: its text names the value, the place and the remedy, and is shown to the person as it is."""


class SourceError(IntentError):
    """Something that was to be read cannot be. `uri` names it."""

    def __init__(self, uri: str, message: str) -> None:
        super().__init__(message)
        self.uri = uri


class SourceMissing(SourceError):
    """Nothing is at the given place."""

    def __init__(self, uri: str) -> None:
        super().__init__(uri, f"No file or folder at '{uri}'. Check the path, or use '-' for standard input.")


class SourceUnreadable(SourceError):
    """The system refuses to read the place; `cause` is its own word."""

    def __init__(self, uri: str, cause: str) -> None:
        super().__init__(uri, f"Cannot read '{uri}': {cause}. Check permissions and links, then ingest it again.")
        self.cause = cause


class NoRegularFile(SourceError):
    """A place that cannot be read twice; `kind` says what is there."""

    def __init__(self, uri: str, kind: str) -> None:
        super().__init__(
            uri,
            f"'{uri}' is {kind}, no regular file, and a source is read more than once. Write it to a file first, or "
            "pipe it into `intent ingest - --name NAME`.",
        )
        self.kind = kind


class SourceTooLarge(SourceError):
    """A format that must be read whole is over its size limit."""

    def __init__(self, uri: str, *, size_bytes: int, limit_bytes: int) -> None:
        super().__init__(
            uri,
            f"'{uri}' has {size_bytes:,} bytes; this format is read whole and takes at most {limit_bytes:,}. "
            "Split it into one file a session.",
        )
        self.size_bytes = size_bytes
        self.limit_bytes = limit_bytes


class SourceEmpty(SourceError):
    """There is nothing to read."""

    def __init__(self, uri: str) -> None:
        super().__init__(uri, f"'{uri}' is empty. Export it again.")


class WrongEncoding(SourceError):
    """The bytes are not text in the declared encoding; `byte_offset` is the first one that is not."""

    def __init__(self, uri: str, *, encoding: str, byte_offset: int, bad: bytes) -> None:
        super().__init__(
            uri,
            f"'{uri}' is not {encoding}: byte {byte_offset} is 0x{bad.hex()}. "
            "If it is text in another encoding, name it with --encoding (for example cp1252).",
        )
        self.encoding = encoding
        self.byte_offset = byte_offset


class SourceMalformed(SourceError):
    """The file as a whole breaks its format; `where` is the place (line, byte or JSON pointer)."""

    def __init__(self, uri: str, *, reader: str, where: str, problem: str) -> None:
        super().__init__(uri, f"'{uri}' cannot be read as {reader}: {problem} at {where}. Export it again.")
        self.reader = reader
        self.where = where


class ExtraMissing(SourceError):
    """The reader of this kind of source needs the optional extra `extra`, which is not installed."""

    def __init__(self, uri: str, what: str, extra: str) -> None:
        super().__init__(
            uri,
            f"'{uri}' is {what}, and reading one needs the {extra} extra. "
            f"Install it with: pip install 'intent-server[{extra}]'. Then ingest it again.",
        )
        self.extra = extra


class HearingMissing(SourceError):
    """A recording was opened without a Hearing."""

    def __init__(self, uri: str) -> None:
        super().__init__(
            uri,
            f"'{uri}' is a recording, and no model to transcribe it was named. "
            "Name one: Declared(hearing=Hearing(model=…, models=…)).",
        )


class WhisperMissing(SourceError):
    """The Whisper model `model` is not in `folder`; where it can be fetched by name, the text says how large it is."""

    def __init__(self, uri: str, *, model: str, folder: str, megabytes: int | None, known: Sequence[str]) -> None:
        if megabytes is None:
            remedy = f"Name a folder with a model in CTranslate2 form, or one of {', '.join(known)}."
        else:
            remedy = f"Fetch it once, {megabytes:,} MB, with: intent models pull {model}. Then ingest it again."
        super().__init__(uri, f"'{uri}' is a recording, and the Whisper model '{model}' is not in '{folder}'. {remedy}")
        self.model = model
        self.folder = folder


class WhisperUnusable(SourceError):
    """The Whisper model `model` cannot be loaded or cannot do what was asked; `cause` says why and what would help."""

    def __init__(self, uri: str, *, model: str, cause: str) -> None:
        super().__init__(uri, f"'{uri}' cannot be transcribed by the Whisper model '{model}': {cause}.")
        self.model = model
        self.cause = cause


class NoSound(SourceError):
    """A film, or an empty recording, without any sound track."""

    def __init__(self, uri: str) -> None:
        super().__init__(uri, f"'{uri}' has no sound track. Export it with its sound, or ingest its transcript.")


class SpeakersUnreadable(SourceError):
    """The file `path`, which was to say who speaks in a recording, breaks its format at `where`."""

    def __init__(self, uri: str, *, path: str, where: str, problem: str) -> None:
        super().__init__(
            uri,
            f"'{path}' cannot say who speaks in '{uri}': {problem} at {where}. A roster is JSON, TOML or CSV that maps "
            "a track, a channel or a speaker label to a name; who speaks when is RTTM or WhisperX JSON.",
        )
        self.path = path
        self.where = where


class NoReader(SourceError):
    """No reader accepts the content."""

    def __init__(self, uri: str, known: Sequence[str], looks_like: str) -> None:
        self.problem = f"No reader accepts '{uri}' ({looks_like})."
        self.remedy = (
            "A talk of some lines `Name: words`, of one speaker too, is read with `--reader plain_text`. "
            f"Readers: {', '.join(known)}. "
            "Export it as one of these, or add a reader (README, 'A new reader is one file')."
        )
        super().__init__(uri, f"{self.problem} {self.remedy}")
        self.known = tuple(known)
        self.looks_like = looks_like


class AmbiguousReader(SourceError):
    """Two or more readers accept the content equally well."""

    def __init__(self, uri: str, tied: Sequence[str]) -> None:
        super().__init__(uri, f"'{uri}' fits {' and '.join(tied)} equally well. Say which with --reader NAME.")
        self.tied = tuple(tied)


class UnitsUnaccounted(SourceError):
    """In is not kept + set aside + quarantined: a fault of the reader. Nothing of the source is stored."""

    def __init__(self, uri: str, *, reader: str, read: int, kept: int, set_aside: int, rejected: int) -> None:
        super().__init__(
            uri,
            f"'{uri}': reader {reader} met {read} units but accounts for {kept} kept + {set_aside} set aside + "
            f"{rejected} quarantined. Nothing of it was stored. Please report this with the file's first lines.",
        )
        self.reader = reader


class ReaderClash(IntentError):
    """Two installed readers have one name."""

    def __init__(self, name: str, modules: Sequence[str]) -> None:
        super().__init__(f"Two readers are named '{name}': {', '.join(modules)}. Uninstall or rename one of them.")
        self.name = name
        self.modules = tuple(modules)


class ModelUnusable(IntentError):
    """The language model `model` (`provider:name`) cannot be asked; `cause` says why and what would help."""

    def __init__(self, model: str, cause: str) -> None:
        super().__init__(f"The language model '{model}' cannot be asked: {cause}.")
        self.model = model
        self.cause = cause
