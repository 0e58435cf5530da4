"""What an ingest run did, source by source and in all, to the terminal."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable

from rich.text import Text

from ingest.language_names import skipped_language
from ingest.text import visible
from intent_server.answers_record import IngestReport, SourceReport
from intent_server.cli.output import counted, note, stdout


def ingested_source(source: SourceReport) -> None:
    """One line on a source as soon as it is stored, and what in it needs a person's eye."""
    out = stdout()
    out.print(_source_line(source), soft_wrap=True)
    for line in _source_notes(source):
        out.print(Text("    " + line, style="dim"), soft_wrap=True)


def ingested(answer: IngestReport) -> None:
    """What was not stored and why, then the totals."""
    for failed in answer.failed:
        note(failed.error)
    for remedy in dict.fromkeys(failed.remedy for failed in answer.failed if failed.remedy):
        note(remedy)
    by_reason: dict[str, list[str]] = {}
    for skipped in answer.skipped:
        by_reason.setdefault(skipped.reason, []).append(skipped.source)
    for reason, names in by_reason.items():
        shown = ", ".join(_below(name, names) for name in names[:5])
        more = f" and {len(names) - 5} more (--json lists them)" if len(names) > 5 else ""
        note(f"Left alone, {reason}: {shown}{more}.")
    assumed = sum(source.date_basis == "assumed" for source in answer.sources)
    if assumed:
        note(f"{counted(assumed, 'source')} without a date: the file's time is assumed; --date says it.")
    _skipped_languages(answer)
    _totals(answer)


def _below(name: str, names: list[str]) -> str:
    """The path from the last folder that all of them share."""
    folders = [other.rsplit("/", 1)[0] for other in names]
    shared = os.path.commonpath(folders) if folders and all(folders) else ""
    return name[len(shared) :].lstrip("/") if shared else name


def _source_line(source: SourceReport) -> Text:
    name = source.source.rsplit("/", 1)[-1]
    parts = [f"{source.kept} kept", f"{source.set_aside} set aside", f"{source.quarantined} quarantined"]
    found = f"{counted(source.sessions, 'session')}, {counted(source.decisions, 'decision')}"
    found += f", {source.waiting} more to review" if source.waiting else ""
    unit = source.unit.removesuffix("s") if source.read == 1 else source.unit
    counts = f"{source.read} {unit} = {' + '.join(parts)}"
    return Text.assemble((visible(name), "bold"), f"  {source.reader}  {source.outcome}: {found}; {counts}")


def _source_notes(source: SourceReport) -> Iterable[str]:
    if source.outcome == "updated":
        counts = (("added", source.added), ("changed", source.changed), ("gone", source.gone))
        told = [f"{count} {name}" for name, count in counts if count]
        told += [f"{source.kept_by_verdict} kept as reviewed"] if source.kept_by_verdict else []
        yield "decisions: " + (", ".join(told) or "as before")
    yield from _turn_notes(source)
    if source.set_aside_by_rule:
        yield "set aside: " + ", ".join(f"{rule.count} {rule.rule}" for rule in source.set_aside_by_rule)
    if source.masked:
        yield "secrets masked: " + ", ".join(f"{rule.count} {rule.rule}" for rule in source.masked)
    for odd in source.irregular:
        yield f"{counted(odd.count, odd.kind + ' character')}, the first at {visible(odd.first)}"
    if source.notes:
        yield "noted: " + visible("; ".join(source.notes))


def _turn_notes(source: SourceReport) -> Iterable[str]:
    """What became of the utterances that were held: nothing is lost without a word."""
    if source.turns_gone:
        are, their = ("is", "its row is") if source.turns_gone == 1 else ("are", "their rows are")
        of = counted(source.turns_before, "utterance")
        yield (
            f"{source.turns_gone} of {of} held before {are} no longer in it; {their} kept as history (--known-at). "
            "If it was cut short, bring the whole of it back and ingest it again."
        )
    if source.turns_before and source.turns_added:
        yield f"{counted(source.turns_added, 'utterance')} not held before"


def _skipped_languages(answer: IngestReport) -> None:
    """Why nothing was looked for in conversations that are not in English."""
    found = [language for source in answer.sources if (language := skipped_language(source.notes))]
    if found:
        told = ", ".join(f"{count} {language}" for language, count in Counter(found).most_common())
        note(
            f"{counted(len(found), 'source')} not in English ({told}): kept and searchable, "
            "but decisions in free talk are looked for in English only."
        )


def _totals(answer: IngestReport) -> None:
    refused = sum(source.quarantined for source in answer.sources)
    text = f"{counted(len(answer.sources), 'source')} read"
    if answer.held is not None:
        text += f"; {counted(answer.held.decisions, 'decision')} in {answer.store}"
        if answer.held.waiting:
            text += f"; {answer.held.waiting} more to review (`intent review list`)"
    if refused:
        text += f"; {counted(refused, 'unit')} in quarantine (`intent quarantine list`)"
    if answer.failed:
        text += f"; {counted(len(answer.failed), 'source')} failed"
    note(text + ".")
