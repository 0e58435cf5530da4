"""Mail: an mbox file (messages split at `From ` lines) or one message as a file (`.eml`).

Unit: a message. One session for each thread: by `Message-ID`, `In-Reply-To` and `References`, and for answers to
messages that are not in the file by the subject without `Re:`, list names and patch numbers. A thread is `mail:ID` of
its root, so that its parts in several archives are one conversation; one without any id is known by its content.
Messages stand in the order of the file.

What the author wrote is kept, its lines joined where a mail program broke them. Left out of it: quotations and the
lines that introduce them, copied originals (`-----Original Message-----`), signatures, diffs and their statistics.
The last paragraph of a quotation that an answer follows is kept as role `harness`, topic `quoted`: others' words, never
the author's. HTML is read where a message has no plain text. Review trailers (`Reviewed-by:`) stay words like others.

Set aside by rule:
- `no_words`: a message with nothing of its author's own (a quotation, an empty text, attachments alone).
- `patch`: a message whose words are all a diff.
- `duplicate`: the same `Message-ID` with the same words once more.

A message without any header is quarantined. A `From ` line counts where it is the first, or after a blank line with a
time and a year in it and a header after it: others are words of a message. Automatic senders have role `assistant`.

Locator: `message N, line L`: its place in the file and the line it begins on, both from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.readers.mbox_messages import Mail, mail
from ingest.readers.mbox_split import raw_messages
from ingest.readers.mbox_threads import sessions
from ingest.records import Reader, Rejected, Session, Source

_HEADER_LINE = re.compile(rb"[!-9;-~]{1,100}:")
_MARKS = re.compile(
    rb"^(?:message-id|received|mime-version|in-reply-to|return-path|x-[a-z-]+|date):", re.IGNORECASE | re.MULTILINE
)
_SENDER = re.compile(rb"^from:", re.IGNORECASE | re.MULTILINE)
_ADDRESSED = re.compile(rb"^(?:to|cc|subject|delivered-to|list-id):", re.IGNORECASE | re.MULTILINE)


def accepts(source: Source) -> int:
    """96 for a `From ` line with headers after it; 57 for a block of headers with a sender, an address and a mark."""
    head = source.head.replace(b"\r\n", b"\n")
    if head.startswith(b"From ") and _HEADER_LINE.match(head.partition(b"\n")[2]):
        return 96
    block = head.partition(b"\n\n")[0]
    lines = block.split(b"\n")
    if b"\x00" in block or not all(_HEADER_LINE.match(row) or row[:1] in (b" ", b"\t") for row in lines):
        return 0
    return 57 if _SENDER.search(block) and _ADDRESSED.search(block) and _MARKS.search(block) else 0


def count(source: Source) -> int:
    """The messages that `From ` lines part."""
    return sum(1 for _ in raw_messages(source))


def read(source: Source) -> Iterator[Session | Rejected]:
    """One session for each thread, in the order of their first messages; what is no message before them."""
    found: list[Mail] = []
    for raw in raw_messages(source):
        one = mail(raw)
        if isinstance(one, Rejected):
            yield one
        else:
            found.append(one)
    yield from sessions(source, found)


READER = Reader(
    name="mbox",
    suffixes=frozenset({".mbox", ".eml"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="messages",
)
