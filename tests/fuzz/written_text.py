"""Valid files of the formats that are text, and the Word document: random talk by random people, some items broken."""

from __future__ import annotations

import io
import zipfile
from html import escape

from tests.fuzz.cases import Case, single
from tests.fuzz.ink import Ink


def vtt(ink: Ink) -> Case:
    """WebVTT with voices, names or nobody."""
    blocks = ["WEBVTT" + ink.random.choice(("", " - x", f" {ink.title()}"))]
    for at in ink.times(len(ink.some(1, 8))):
        times = f"{ink.clock(at, hours=True, millis='.')} --> {ink.clock(at + 3, hours=True, millis='.')}"
        if ink.is_broken():
            times = ink.random.choice(("00:00 -> 00:01", f"NOTE {ink.say()}", ink.say()))
        said = ink.random.choice((f"<v {ink.name()}>{ink.say()}</v>", f"{ink.name()}: {ink.say()}", ink.say()))
        blocks.append(ink.random.choice(("", "7\n")) + f"{times}\n{said}")
    return single("\n\n".join(blocks).encode(), "talk.vtt")


def sbv(ink: Ink) -> Case:
    """Captions of YouTube's older kind."""
    blocks = []
    for at in ink.times(len(ink.some(2, 8))):
        times = f"0:{ink.clock(at % 3600)}.100,0:{ink.clock(at % 3600)}.900"
        blocks.append(f"{ink.say() if ink.is_broken() else times}\n{ink.lines()}")
    return single(("0:00:00.400,0:00:04.120\nHello.\n\n" + "\n\n".join(blocks) + "\n").encode(), "talk.sbv")


def otter(ink: Ink) -> Case:
    """Otter's text export."""
    turns = "\n\n".join(f"{ink.name()}  {ink.clock(at)}  \n{ink.lines()}" for at in ink.times(len(ink.some(2, 7))))
    head = (
        f"{ink.title()}\nMon, Mar 9, 2026 10:02AM • 1:04\n\nSUMMARY KEYWORDS\n{ink.say()}\n\nSPEAKERS\n{ink.name()}\n\n"
    )
    return single((head + turns + "\n\nTranscribed by https://otter.ai\n").encode(), "talk.txt")


def zoom_chat(ink: Ink) -> Case:
    """A meeting's chat."""
    lines = []
    for at in ink.times(len(ink.some(2, 8))):
        reply = ink.random.choice(("", "", 'Replying to "We decided to keep..."\n\n', 'Reacted to "x" with '))
        broken = ink.is_broken()
        lines.append(ink.say() if broken else f"{ink.clock(at, hours=True)}\t{ink.odd_name()}:\t{reply}{ink.lines()}")
    return single(("00:00:01\tMara:\thello\n" + "\n".join(lines) + "\n").encode(), "chat.txt")


def plain_text(ink: Ink) -> Case:
    """`Name: words` of two people in turn, under a few facts."""
    facts = f"{ink.title()}\nDate: {ink.day()}\nParticipants: {ink.name()}, {ink.odd_name()}\n\n"
    people = "Mara Lindqvist", "Tomás Rey"
    turns = (ink.say() if ink.is_broken() else f"{people[at % 2]}: {ink.say()}" for at in ink.some(6, 12))
    return single((facts + "\n\n".join(turns) + "\n").encode(), "notes.txt")


def aider(ink: Ink) -> Case:
    """A chat history that a terminal agent keeps as Markdown."""
    lines = ["\n# aider chat started at 2026-03-11 16:42:07\n", "> Aider v0.86.1  ", f"> {ink.say()}  "]
    for _ in ink.some(1, 6):
        asked = "\n".join(f"#### {line}  " for line in ink.lines().split("\n"))
        lines.append(f"\n{ink.say() if ink.is_broken() else asked}\n\n{ink.lines()}\n\n> {ink.say()}  ")
    return single("\n".join(lines).encode(), ".aider.chat.history.md")


def podcast(ink: Ink) -> Case:
    """Times in brackets above what was said."""
    head = f"# {ink.title()}\n{ink.say()}\nTranscribed automatically. Expect mistakes.\n"
    turns = "".join(f"({ink.clock(at)}):\n{ink.lines()}\n" for at in ink.times(len(ink.some(2, 7))))
    return single((head + turns).encode(), "episode.txt")


def fathom(ink: Ink) -> Case:
    """Fathom's text export."""
    blocks = [f"{ink.title()} - March 11\nVIEW RECORDING - 2 mins (No highlights): https://fathom.video/calls/0\n\n---"]
    for at in ink.times(len(ink.some(1, 7))):
        action = f"ACTION ITEM: {ink.say()} - WATCH: https://fathom.video/calls/0?timestamp={at}"
        blocks.append(action if ink.is_broken() else f"{ink.clock(at)} - {ink.odd_name()} (Lumen)\n  {ink.lines()}")
    return single("\n\n".join(blocks).encode(), "call.txt")


def teams_text(ink: Ink) -> Case:
    """Teams' transcript, copied from its document."""
    turns = "\n\n".join(f"{ink.name()}   {ink.clock(at)}\n{ink.lines()}" for at in ink.times(len(ink.some(1, 7))))
    head = f"{ink.title()}-20260312_083000-Meeting Transcript\n12 March 2026, 08:30am\n1m 12s\n\n"
    head += f"{ink.name()} started transcription\n\n"
    return single((head + turns + f"\n\n{ink.name()} stopped transcription\n").encode(), "teams.txt")


def google_meet(ink: Ink) -> Case:
    """Meet's transcript as text."""
    parts = [f"Mar 10, 2026\n{ink.title()}  - Transcript"]
    for at in ink.times(len(ink.some(1, 4))):
        turns = "\n".join(ink.say() if ink.is_broken() else f"{ink.name()}: {ink.say()}" for _ in ink.some(1, 4))
        parts.append(f"{ink.clock(at, hours=True)}\n \n{turns}\n \n ")
    ended = "Transcription ended after 00:59:48"
    told = "This editable transcript was computer generated and might contain errors."
    return single("\n".join([*parts, ended, "", told]).encode(), "meet.txt")


def mbox(ink: Ink) -> Case:
    """An archive of mail, some of it HTML."""
    mails = []
    for at in ink.some(1, 4):
        answer = f"In-Reply-To: <{at - 1}@lumengoods.example>\n" if at else ""
        kind = ink.random.choice(("plain", "plain", "html"))
        body = ink.lines() if kind == "plain" else f"<p>{escape(ink.say())}</p><br>{escape(ink.say())}"
        quoted = "".join(f"> {line}\n" for line in ink.lines().split("\n"))
        mails.append(
            f"From mara@lumengoods.example Fri Mar  6 08:12:44 2026\nFrom: {ink.name()} <mara@lumengoods.example>\n"
            f"To: data@lumengoods.example\nDate: Fri, 6 Mar 2026 09:12:4{at} +0100\nSubject: {ink.title()}\n{answer}"
            + ("Content without a colon\n" if ink.is_broken() else f"Message-ID: <{at}@lumengoods.example>\n")
            + f'Content-Type: text/{kind}; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n\n{body}\n\n'
            + (f"On Friday {ink.name()} wrote:\n{quoted}\n" if at and kind == "plain" else "")
            + f"-- \n{ink.say()}\n"
        )
    return single("\n".join(mails).encode(), "list.mbox")


def specstory(ink: Ink) -> Case:
    """An agent's session as Markdown."""
    parts = [f"<!-- Generated by SpecStory, Markdown v2.1.0 -->\n\n# {ink.title()}"]
    tool = '<tool-use data-tool-type="shell" data-tool-name="Bash"><details>\n<summary>Tool use: **Bash**</summary>\n'
    for at in ink.some(1, 6):
        parts.append(f"_**User (2026-03-05 08:4{at}:12Z)**_\n\n{ink.lines()}\n\n---")
        thought = f"<think><details><summary>Thought Process</summary>\n{ink.say()}\n</details></think>\n\n"
        shown = (
            ink.say() if ink.is_broken() else f"{tool}{ink.say()}\n\n```text\n{ink.lines()}\n```\n</details></tool-use>"
        )
        parts.append(f"_**Agent (claude-opus-5 2026-03-05 08:4{at}:16Z)**_\n\n{thought}{shown}\n\n{ink.say()}")
    return single("\n\n".join(parts).encode(), "session.md")


def decision_record(ink: Ink) -> Case:
    """MADR with its options and their reasons, or the short form."""
    if ink.random.random() < 0.3:
        status = ink.random.choice(("Accepted", "Proposed", "Superseded by [9](0009-x.md)"))
        body = f"# {ink.title()}\n\nDate: {ink.day()}\n\n## Status\n\n{status}\n\n"
        body += f"## Context\n\n{ink.lines()}\n\n## Decision\n\n{ink.lines()}\n\n## Consequences\n\n{ink.lines()}\n"
        return single(body.encode(), "0003-keep.md")
    options = [
        f"{name} {at}" for at, name in enumerate(ink.random.sample(("DuckDB", "Postgres", "Parquet", "Kafka"), 3))
    ]
    pros = "\n\n".join(f"### {name}\n\n* Good, because {ink.say()}\n* Bad, because {ink.say()}" for name in options)
    status = ink.random.choice(
        ("accepted", "proposed", "rejected", "deprecated", ink.say() if ink.is_broken() else "accepted")
    )
    body = (
        f"---\nstatus: {status}\ndate: {ink.day()}\ndecision-makers: {ink.name()}, {ink.odd_name()}\n---\n"
        f"# {ink.title()}\n\n"
        f"## Context and Problem Statement\n\n{ink.lines()}\n\n## Decision Drivers\n\n* {ink.say()}\n* {ink.say()}\n\n"
        "## Considered Options\n\n" + "\n".join(f"* {name}" for name in options) + "\n\n## Decision Outcome\n\n"
        f'Chosen option: "{options[0]}", because {ink.say()}\n\n### Consequences\n\n* Good, because {ink.say()}\n\n'
        f"## Pros and Cons of the Options\n\n{pros}\n\n## More Information\n\n{ink.say()}\n"
    )
    return single(body.encode(), "0002-keep.md")


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FORMATS = "http://schemas.openxmlformats.org"
_PARTS = (
    (
        "[Content_Types].xml",
        f'<Types xmlns="{_FORMATS}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    ),
    (
        "_rels/.rels",
        f'<Relationships xmlns="{_FORMATS}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{_FORMATS}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
    ),
)


def docx(ink: Ink) -> Case:
    """Teams' transcript as a Word document."""
    lines = [f"{ink.title()}-20260409_090212-Meeting Transcript", "9 April 2026, 09:02am", "4m 31s"]
    lines.append(f"{ink.name()} started transcription")
    for at in ink.times(len(ink.some(1, 6))):
        lines.append(ink.say() if ink.is_broken() else f"{ink.name()}   {ink.clock(at)}\v{ink.say()}")
    lines.append(f"{ink.name()} stopped transcription")
    body = "".join(f"<w:p>{_runs(line)}</w:p>" for line in lines)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for name, text in (
            *_PARTS,
            ("word/document.xml", f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'),
        ):
            made.writestr(zipfile.ZipInfo(name), text)
    return single(written.getvalue(), "meeting.docx")


def _runs(line: str) -> str:
    pieces = line.split("\v")
    shown = (f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in pieces)
    return f"<w:r>{'<w:br/>'.join(shown)}</w:r>"
