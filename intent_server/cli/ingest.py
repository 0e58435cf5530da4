"""`intent ingest`: files, folders and standard input into the store, with counts that add up."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Unpack

import click

from ingest.errors import NoReader, NoRegularFile, SourceEmpty, SourceError, SourceMissing
from ingest.pipeline import sources_in
from ingest.records import Reader, Source
from ingest.registry import reader_for, readers
from ingest.sources import Declared, file_source, stdin_source, straight
from intent_server import record, record_pipelines
from intent_server.answers_llm import LlmEstimate
from intent_server.answers_record import FailedSource, IngestReport, SkippedSource, SourceReport
from intent_server.cli import output, output_ingest
from intent_server.cli.ingest_audio import AudioFlags, Ears, audio_options, check_flags, show_heard, why_skipped
from intent_server.cli.ingest_links import ingest_dbt, ingest_git
from intent_server.cli.ingest_llm import (
    LlmFlags,
    Model,
    estimate_of,
    extract_of,
    is_whole,
    llm_options,
    model_of,
    show_estimate,
    show_report,
)
from intent_server.cli.options import chosen, embedder_option, encoding, json_option, moment, store_option
from intent_server.errors import BadRequest, ExitCode
from intent_server.record_again import Remembered, as_before, declarations
from intent_server.record_hearing import READER as AUDIO
from intent_server.record_hearing import Wanted
from intent_server.record_unchanged import unchanged


@dataclass(slots=True)
class _Run:
    """One ingest run as it goes."""

    recorder: record.Recorder
    reader_name: str | None
    step: output.Step
    ears: Ears
    sources: list[SourceReport] = field(default_factory=list)
    failed: list[FailedSource] = field(default_factory=list)
    skipped: list[SkippedSource] = field(default_factory=list)
    show: Callable[[SourceReport], None] = lambda _: None
    before: Mapping[str, Remembered] = field(default_factory=dict)
    is_encoding_given: bool = False
    given: bytes | None = None
    model: Model | None = None
    is_anew: bool = False
    """Read what is held too, though neither it nor the extractor changed."""

    def stdin(self, declared: Declared) -> Source:
        """Standard input, read once."""
        if self.given is None:
            self.given = sys.stdin.buffer.read()
        return stdin_source(self.given, declared)

    def take(self, source: Source, *, is_named: bool) -> None:
        """Ingest one source; a file nobody named that no reader accepts is left alone."""
        self.step(source.name)
        if self.model is not None:
            self.model.asking.source = source.name
        source = self.as_before(source)
        try:
            reader = reader_for(source, name=self.reader_name)
            source = self.heard(source, reader.name)
            if reader.name in record_pipelines.READERS:
                report = record_pipelines.ingest_pipeline(self.recorder, source, reader).words
            else:
                report = self.known(source, reader) or record.ingest_source(self.recorder, source, reader)
            if report is None:
                self.skipped.append(SkippedSource(source=source.uri, reason=record_pipelines.OLDER))
            else:
                self.sources.append(report)
                self.show(report)
        except NoReader as error:
            if is_named:
                self.fail(source.uri, error)
            else:
                self.skipped.append(SkippedSource(source=source.uri, reason=error.looks_like))
        except SourceError as error:
            reason = None if is_named else why_skipped(error)
            if reason is None:
                self.fail(source.uri, error)
            else:
                self.skipped.append(SkippedSource(source=source.uri, reason=reason))

    def known(self, source: Source, reader: Reader) -> SourceReport | None:
        """The report of a source that is held as it is; None where it is to be read."""
        return None if self.is_anew else unchanged(self.recorder, source, reader)

    def as_before(self, source: Source) -> Source:
        """The source as its place was declared before, where nothing is declared of it now."""
        before = self.before.get(source.uri)
        declared = None if before is None else before.declared
        return as_before(source, declared, is_encoding_given=self.is_encoding_given)

    def heard(self, source: Source, reader: str) -> Source:
        """A recording ready to be heard; another source as it is."""
        return self.ears.ready(source, self.heard_before(source)) if reader == AUDIO else source

    def heard_before(self, source: Source) -> Wanted | None:
        """How the place's recording was heard before."""
        before = self.before.get(source.uri)
        return None if before is None else before.heard

    def kept(self, source: Source) -> Source:
        """A recording of which only what was heard before counts."""
        return self.ears.kept(source, self.heard_before(source))

    def fail(self, uri: str, error: SourceError) -> None:
        """Note a source that could not be read; the run goes on."""
        if isinstance(error, NoReader):
            self.failed.append(FailedSource(source=uri, error=error.problem, remedy=error.remedy))
        else:
            self.failed.append(FailedSource(source=uri, error=str(error)))

    def leave(self, path: Path, error: SourceError) -> None:
        """Note a thing in a folder that is no readable file; one that the system refuses to read has failed."""
        uri = path.absolute().as_posix()
        if isinstance(error, SourceEmpty):
            self.skipped.append(SkippedSource(source=uri, reason="empty"))
        elif isinstance(error, NoRegularFile):
            self.skipped.append(SkippedSource(source=uri, reason=error.kind))
        elif isinstance(error, SourceMissing):
            reason = "a link that leads nowhere" if path.is_symlink() else "gone before it was read"
            self.skipped.append(SkippedSource(source=uri, reason=reason, is_lost=True))
        else:
            self.fail(uri, error)

    def done(self) -> int:
        """How many sources were read, or failed."""
        return len(self.sources) + len(self.failed)


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH... | git [PATH] | dbt [TARGET]")
@click.option(
    "--date", help="When undated sources took place: 2026-03-03, or with a time, UTC; kept when they are read again."
)
@click.option("--encoding", "encoding_name", help="Of text without a byte-order mark; as declared before, else utf-8.")
@click.option("--reader", help="Read with this reader, whatever the content looks like.")
@click.option("--name", default="stdin", show_default=True, help="What standard input ('-') is called.")
@click.option("--exclude-session", "excluded", multiple=True, metavar="ID", help="Leave this session out; repeatable.")
@click.option("--anew", is_flag=True, help="Read and extract again what did not change since it was read, too.")
@audio_options
@llm_options
@json_option
@embedder_option
@store_option
def ingest(  # noqa: PLR0913  one argument a flag
    paths: tuple[str, ...],
    date: str | None,
    encoding_name: str | None,
    reader: str | None,
    name: str,
    excluded: tuple[str, ...],
    anew: bool,
    llm: bool | None,
    llm_model: str | None,
    llm_budget: int | None,
    dry_run: bool,
    as_json: bool,
    store: Path | None,
    **audio: Unpack[AudioFlags],
) -> int:
    """Read files, folders or '-' (standard input) into the store; ingesting again changes nothing.

    `intent ingest git [PATH]` reads a repository's commits and ties decisions to its code; `intent ingest dbt [TARGET]`
    reads a dbt project's artifacts and ties decisions to its models and columns.

    A recording (sound or film) is transcribed on this machine by a Whisper model, which `intent models pull` fetches;
    nothing is fetched unasked. Interrupted, it goes on where it was when it is run again. In a folder, recordings are
    taken where their model is there, and listed as left alone where it is not.

    With --llm a language model reads each conversation too (INTENT_LLM, INTENT_LLM_URL; a key only from
    ANTHROPIC_API_KEY, OPENAI_API_KEY or INTENT_LLM_KEY). What it takes is told before and after, answers are kept
    beside the store, and only what the conversation says word for word is recorded.
    """
    settings = chosen(store)
    wanted = LlmFlags(llm, llm_model, llm_budget, dry_run)
    paths = tuple(map(straight, paths))
    if wanted.llm is not None and (_is_word(paths, "git") or _is_word(paths, "dbt")):
        raise BadRequest("--llm is about conversations; code and pipelines are read without it.")
    model = model_of(wanted)
    if _is_word(paths, "git"):
        return ingest_git(settings, paths[1:], as_json=as_json)
    if _is_word(paths, "dbt"):
        return ingest_dbt(settings, paths[1:], as_json=as_json)
    declared = Declared(encoding=encoding(encoding_name or "utf-8"), date=moment("--date", date), stdin_name=name)
    _check(paths, reader)
    check_flags(audio, paths)
    show = (lambda _: None) if as_json else output_ingest.ingested_source
    is_done, estimate = False, None
    with output.reading() as step:
        run = _Run(
            record.recorder(
                settings, exclude=excluded, reader_name=reader, extract=extract_of(settings, wanted, model)
            ),
            reader,
            step,
            Ears(settings, audio, step),
            show=show,
            before=declarations(settings),
            is_encoding_given=encoding_name is not None,
            model=model,
            is_anew=anew or llm is not None,
        )
        try:
            estimate = _estimate(run, paths, declared, model)
            if estimate is not None and not as_json:
                show_estimate(estimate)
            for path in paths if not dry_run else ():
                _take_path(run, path, declared)
            if run.sources:
                record.tidy(run.recorder)
            is_done = True
        except KeyboardInterrupt:
            output.note("Interrupted. What is listed is stored; run it again to go on.")
    report = IngestReport(
        store=settings.store.as_posix(),
        sources=run.sources,
        failed=run.failed,
        skipped=run.skipped,
        held=record.held_counts(settings),
        heard=list(run.ears.reports.values()),
        estimate=estimate,
        llm=model.report if model is not None and not dry_run else None,
    )
    _show(report, is_dry=dry_run, as_json=as_json)
    if dry_run and is_done:
        return ExitCode.DONE
    return _exit_code(report) if is_done else ExitCode.INTERRUPTED


def _show(report: IngestReport, *, is_dry: bool, as_json: bool) -> None:
    if as_json:
        output.as_json(report)
    elif not is_dry:
        for heard in report.heard:
            show_heard(heard)
        if report.llm is not None:
            show_report(report.llm)
        output_ingest.ingested(report)


def _estimate(run: _Run, paths: tuple[str, ...], declared: Declared, model: Model | None) -> LlmEstimate | None:
    if model is None:
        return None
    run.step("how much there is to ask")
    return estimate_of(run.recorder, _all(run, paths, declared), run.reader_name, model, kept=run.kept)


def _all(run: _Run, paths: tuple[str, ...], declared: Declared) -> Iterator[Source]:
    """Every source there is to read, as it will be read; what cannot be is told when it is read."""
    for path in paths:
        place = Path(path)
        found: list[Source | tuple[Path, SourceError]] = []
        if path == "-":
            found = [run.stdin(declared)]
        else:
            with suppress(SourceError):
                found = list(sources_in(place, declared)) if place.is_dir() else [file_source(place, declared)]
        for item in found:
            if isinstance(item, Source):
                yield run.as_before(item)


def _is_word(paths: tuple[str, ...], word: str) -> bool:
    """Whether the first argument is the name of a kind of source, not a file of that name (`./git`)."""
    return bool(paths) and paths[0] == word and not (len(paths) == 1 and Path(word).exists())


def _check(paths: tuple[str, ...], reader: str | None) -> None:
    if "" in paths:
        raise BadRequest("A PATH is empty: give a file, a folder or '-'. Was a shell variable unset?")
    known = [item.name for item in readers()]
    if reader is not None and reader not in known:
        raise BadRequest(f"--reader '{reader}' is none. Readers: {', '.join(known)}.")


def _exit_code(report: IngestReport) -> ExitCode:
    """Failed where a source was, or where nothing could be read; 4 where a part is refused, lost or unanswered."""
    if report.failed or not report.sources:
        return ExitCode.FAILED
    is_partial = any(source.quarantined for source in report.sources) or not is_whole(report.llm)
    is_partial = is_partial or any(item.is_lost for item in report.skipped)
    return ExitCode.QUARANTINED if is_partial else ExitCode.DONE


def _take_path(run: _Run, path: str, declared: Declared) -> None:
    if path == "-":
        run.take(run.stdin(declared), is_named=True)
        return
    place, before = Path(path), run.done()
    try:
        found = sources_in(place, declared) if place.is_dir() else iter([file_source(place, declared)])
        for item in _each(run, found):
            run.take(item, is_named=not place.is_dir())
    except SourceError as error:
        run.fail(error.uri, error)
    if place.is_dir() and run.done() == before:
        run.skipped.append(SkippedSource(source=place.absolute().as_posix(), reason="no readable file in it"))


def _each(run: _Run, found: Iterator[Source | tuple[Path, SourceError]]) -> Iterator[Source]:
    for item in found:
        if isinstance(item, Source):
            yield item
        else:
            run.leave(*item)
