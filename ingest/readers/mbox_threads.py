"""Part of the mbox reader: which messages are one thread, and the thread as a session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.fingerprint import fingerprint
from ingest.readers.mbox_messages import Mail, shown_subject
from ingest.records import Session, Source, Utterance
from ingest.text import folded
from ingest.times import session_start


def sessions(source: Source, mails: Sequence[Mail]) -> Iterator[Session]:
    """One session for each thread, in the order of their first messages."""
    groups: dict[str, list[Mail]] = {}
    for root, mail in zip(_roots(mails), mails, strict=True):
        groups.setdefault(root, []).append(mail)
    for group in groups.values():
        yield _session(source, group)


def _roots(mails: Sequence[Mail]) -> list[str]:
    """For each message what stands for its thread: equal for messages of one."""
    above: dict[str, str] = {}

    def root(name: str) -> str:
        path = [name]
        while (higher := above.get(path[-1])) is not None:
            path.append(higher)
        for one in path[:-1]:
            above[one] = path[-1]
        return path[-1]

    def join(one: str, other: str) -> None:
        high, low = root(one), root(other)
        if high != low:
            above[low] = high

    present = {mail.own for mail in mails if mail.own}
    by_subject: dict[str, str] = {}
    names: list[str] = []
    for at, mail in enumerate(mails):
        name = f"<{mail.own}" if mail.own else f"#{at}"
        names.append(name)
        for reference in mail.above:
            join(f"<{reference}", name)
        earlier = by_subject.get(mail.bare_subject)
        answers = mail.is_follow_up or bool(mail.above) or not mail.own
        if earlier is not None and answers and present.isdisjoint(mail.above):
            join(earlier, name)
        if mail.bare_subject:
            by_subject[mail.bare_subject] = name
    return [root(name) for name in names]


def _native_id(group: Sequence[Mail]) -> str:
    """The root's id as most of the messages name it; empty where none names any."""
    named = Counter(name for mail in group if (name := mail.above[0] if mail.above else mail.own))
    return max(named, key=lambda name: named[name]) if named else ""


def _session(source: Source, group: Sequence[Mail]) -> Session:
    aside = Counter[str]()
    kept: list[Mail] = []
    seen: set[tuple[str, str]] = set()
    for mail in group:
        words = fingerprint([piece.text for piece in mail.pieces])
        rule = "duplicate" if mail.own and (mail.own, words) in seen else mail.rule
        seen.add((mail.own, words))
        if rule:
            aside[rule] += 1
        else:
            kept.append(mail)
    utterances = tuple(_utterances(kept))
    dates = [mail.at for mail in kept or group if mail.at is not None]
    started, basis = session_start(source, min(dates, default=None))
    own = _native_id(group)
    said = [(u.speaker, u.text, u.said_at) for u in utterances]
    subject = next((mail.subject for mail in group if mail.subject), "")
    return Session(
        kind="mail",
        native_id=f"mail:{own}" if own else fingerprint(said or [mail.place for mail in group]),
        identity="native" if own else "content",
        utterances=utterances,
        kept=len(kept),
        set_aside=tuple(sorted(aside.items())),
        title=folded(shown_subject(subject)) or None,
        started_at=started,
        ended_at=max(dates, default=None),
        time_basis=basis,
        notes=tuple(_notes(group)),
    )


def _utterances(kept: Sequence[Mail]) -> Iterator[Utterance]:
    index = 0
    for mail in kept:
        for number, piece in enumerate(mail.pieces):
            is_own = piece.kind == "own"
            yield Utterance(
                index=index,
                text=piece.text,
                role=("assistant" if mail.is_machine else "person") if is_own else "harness",
                locator=mail.place,
                speaker=mail.speaker if is_own else None,
                native_id=(mail.own if len(mail.pieces) == 1 else f"{mail.own}#{number}") if mail.own else None,
                parent_id=mail.above[-1] if mail.above else None,
                said_at=mail.at,
                topic=None if is_own else "quoted",
            )
            index += 1


def _notes(group: Sequence[Mail]) -> Iterator[str]:
    if any(mail.above for mail in group):
        known = {mail.own for mail in group}
        if missing := len({mail.above[-1] for mail in group if mail.above} - known):
            yield f"{missing} answered messages are not in this archive"
    if attached := sum(mail.attachments for mail in group):
        yield f"{attached} attachments not read"
    if undated := sum(mail.at is None for mail in group):
        yield f"{undated} messages without a date"
