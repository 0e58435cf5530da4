import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from ingest.errors import SourceError
from ingest.records import Reader, Reference, Rejected, Session, Source
from ingest.registry import reader_for
from ingest.sources import Declared, file_source
from intent_server import record, record_upkeep
from intent_server.answers_record import SourceReport
from intent_server.config import Actor, Settings
from intent_server.embed import Embedder
from intent_server.errors import NotFound, StoreMissing
from intent_server.store.connect import open_reader, open_writer
from tests.intent_server.store.records import TALK, candidate, session

CANONICAL = (
    "sources", "batches", "sessions", "utterances", "decisions", "parts", "evidence", "people", "links", "quarantine",
    "audit",
)  # fmt: skip
Item = Session | Rejected
Take = Callable[..., SourceReport]
VTT = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Mara>{}\n\n00:00:05.000 --> 00:00:09.000\n<v Aiko>Agreed.\n"


@pytest.fixture
def plain() -> Embedder:
    """A model for which all texts mean the same."""

    def embed(texts: Sequence[str]) -> np.ndarray:
        return np.full((len(texts), 256), 1 / 16, dtype=np.float32)

    return Embedder("plain", "b2:plain", 256, embed)


@pytest.fixture
def settings(place: Path) -> Settings:
    return Settings(store=place, actor="test")


@pytest.fixture
def take(settings: Settings, plain: Embedder, now: datetime, tmp_path: Path) -> Take:
    """Ingests a file; with items, they are what a reader finds in it."""

    def taken(*items: Item, name: str = "talk.txt", text: str = "bytes", exclude: Sequence[str] = ()) -> SourceReport:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        source = file_source(path, Declared())
        run = record.recorder(settings, embedder=lambda: plain, clock=lambda: now, exclude=exclude)
        return record.ingest_source(run, source, reader_of(items) if items else reader_for(source))

    return taken


def reader_of(items: Sequence[Item]) -> Reader:
    def count(_source: Source) -> int:
        return sum(
            item.units if isinstance(item, Rejected) else item.kept + sum(dict(item.set_aside).values())
            for item in items
        )

    return Reader("made", frozenset(), lambda _source: 1, lambda _source: iter(items), count, "lines")


def stating(of: Session, *references: Reference, quote: str = "keep the mart in DuckDB") -> Session:
    return replace(of, stated=(candidate(of, quote, references=references),))


def rows(place: Path, query: str) -> list[tuple[object, ...]]:
    with open_reader(place, wait_s=5) as db:
        return db.execute(query).fetchall()


def canonical(place: Path) -> dict[str, list[tuple[object, ...]]]:
    with open_reader(place, wait_s=5) as db:
        return {table: db.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall() for table in CANONICAL}  # noqa: S608


def test_ingesting_twice_changes_nothing_and_gives_the_same_signature(take: Take, place: Path) -> None:
    first = take(name="a.vtt", text=VTT.format("Let's go with DuckDB because it needs no server."))
    before = canonical(place)
    second = take(name="a.vtt", text=VTT.format("Let's go with DuckDB because it needs no server."))
    assert (first.outcome, second.outcome) == ("added", "unchanged")
    assert second.signature == first.signature
    assert canonical(place) == before


def test_the_same_bytes_elsewhere_and_later_have_the_same_signature(take: Take, tmp_path: Path) -> None:
    text = VTT.format("Let's go with DuckDB.")
    first = take(name="a.vtt", text=text)
    os.utime(tmp_path / "a.vtt", (10**9, 10**9))
    again = take(name="a.vtt", text=text)
    other = take(name="deep/er/b.vtt", text=text)
    assert first.signature == again.signature == other.signature


def test_counts_add_up_in_report_and_batch(take: Take, place: Path) -> None:
    report = take(session(), Rejected("broken cue", "cue 9", "???"))
    assert report.read == report.kept + report.set_aside + report.quarantined == 4
    assert rows(place, "SELECT read_count, kept_count, set_aside_count, quarantined_count FROM intent.batches") == [
        (4, 3, 0, 1)
    ]


def test_a_report_has_the_notes_of_all_sessions_once(take: Take) -> None:
    of = ("times approximate", "unconfirmed format: otter")
    report = take(session(notes=of[:1]), session(native_id="other", notes=of))
    assert report.notes == list(of)


def test_a_file_with_new_content_replaces_what_it_held(take: Take, place: Path) -> None:
    take(name="a.vtt", text=VTT.format("Let's go with DuckDB."))
    report = take(name="a.vtt", text=VTT.format("Let's go with Postgres."))
    assert report.outcome == "updated"
    texts = rows(place, "SELECT text FROM intent.utterances ORDER BY utterance_index")
    assert texts == [("Let's go with Postgres.",), ("Agreed.",)]
    assert rows(place, "SELECT count(*) FROM sessions") == [(2,)]


def test_a_refused_item_is_kept_once_and_closed_when_it_is_refused_no_longer(take: Take, place: Path) -> None:
    broken = Rejected("broken cue", "cue 9", "???")
    take(session(), broken, broken)
    take(session(), broken, broken)
    assert rows(place, "SELECT count(*) FROM quarantine") == [(2,)]
    take(session())
    assert rows(place, "SELECT count(*) FROM intent.quarantine") == [(0,)]


def test_a_dismissed_item_stays_dismissed(take: Take, settings: Settings, place: Path, now: datetime) -> None:
    take(session(), Rejected("broken cue", "cue 9", "???"))
    item = record_upkeep.quarantined(settings).items[0]
    assert record_upkeep.quarantined_item(settings, item.item_id[:13]) == item
    record_upkeep.dismiss_item(settings, item.item_id, now=now, by=Actor("test"), reason="noise")
    take(session(), Rejected("broken cue", "cue 9", "???"), Rejected("another", "cue 10", "!"))
    assert [item.reason for item in record_upkeep.quarantined(settings).items] == ["another"]


def test_a_refused_secret_is_masked(take: Take, place: Path) -> None:
    take(session(), Rejected("broken", "line 1", "password = 'hunter2-Xk29fjQ'"))
    assert "hunter2" not in str(rows(place, "SELECT * FROM quarantine"))


def test_a_source_whose_units_do_not_add_up_stores_nothing(take: Take, place: Path, tmp_path: Path) -> None:
    odd = Reader("odd", frozenset(), lambda _s: 1, lambda _s: iter([session()]), lambda _s: 99, "lines")
    (tmp_path / "x.txt").write_text("x")
    run = record.recorder(Settings(store=place))
    with pytest.raises(SourceError, match="99 units"):
        record.ingest_source(run, file_source(tmp_path / "x.txt", Declared()), odd)
    with pytest.raises(StoreMissing):
        rows(place, "SELECT 1")


def test_an_excluded_session_is_counted_and_not_kept(take: Take, place: Path) -> None:
    report = take(session(), session(native_id="private"), exclude=["private"])
    assert (report.read, report.kept, report.set_aside) == (6, 3, 3)
    assert rows(place, "SELECT native_id FROM intent.sessions") == [("planning",)]


def test_a_session_that_goes_off_the_record_later_is_forgotten(take: Take, place: Path) -> None:
    take(session())
    take(session([*TALK, "[intent: off the record]"]))
    assert rows(place, "SELECT count(*) FROM utterances") == [(0,)]


def test_a_transcript_that_goes_off_the_record_later_is_forgotten(take: Take, place: Path) -> None:
    take(name="a.vtt", text=VTT.format("Let's go with DuckDB."))
    take(name="a.vtt", text=VTT.format("[intent: off the record]"))
    assert rows(place, "SELECT count(*) FROM utterances") == [(0,)]
    assert rows(place, "SELECT action FROM intent.audit WHERE action = 'forget'") == [("forget",)]


def test_a_fork_does_not_repeat_what_its_parent_holds(take: Take, place: Path) -> None:
    parent = session(kind="agent_session")
    own = session([*TALK, "Now something new."], native_id="planning", kind="agent_session")
    fork = replace(own, native_id="fork")
    take(parent)
    report = take(fork, name="fork.txt")
    assert report.read == 4
    assert [(rule.rule, rule.count) for rule in report.set_aside_by_rule] == [("copied_from_other_session", 3)]
    assert rows(place, "SELECT count(*) FROM utterances") == [(4,)]
    before = canonical(place)
    take(fork, name="fork.txt")
    take(parent)
    assert canonical(place) == before


def test_what_was_forgotten_does_not_come_back_in_a_fork(
    take: Take, settings: Settings, place: Path, now: datetime
) -> None:
    parent = session(kind="agent_session")
    take(parent)
    record_upkeep.forget(settings, "Planning", now=now)
    fork = replace(session([*TALK, "Now something new."], native_id="planning", kind="agent_session"), native_id="fork")
    report = take(fork, name="fork.txt")
    assert [(rule.rule, rule.count) for rule in report.set_aside_by_rule] == [("forgotten", 3)]
    assert rows(place, "SELECT text FROM utterances") == [("Now something new.",)]
    assert not any(TALK[0] in str(row) for row in rows(place, "SELECT * FROM sessions"))
    before = canonical(place)
    take(fork, name="fork.txt")
    take(parent)
    assert canonical(place)["utterances"] == before["utterances"]


def test_records_of_other_meetings_with_the_same_ids_are_not_taken_for_forgotten_ones(
    take: Take, settings: Settings, place: Path, now: datetime
) -> None:
    take(session())
    record_upkeep.forget(settings, "Planning", now=now)
    take(replace(session(), native_id="another"), name="another.txt")
    assert rows(place, "SELECT count(*) FROM utterances") == [(len(TALK),)]


OLD = ["We keep the mart in Postgres."]
NEWER = Reference("supersedes", "decision", "0001-mart.md", "explicit")
OLDER = Reference("supersedes", "superseded_by", "ADR-0002", "explicit")


def old_record(*references: Reference) -> Session:
    made = session(OLD, native_id="shop/0001-mart", kind="decision_record", project="shop")
    return stating(made, *references, quote="keep the mart in Postgres")


def new_record(*references: Reference) -> Session:
    later = datetime.fromisoformat("2026-05-05T00:00:00+00:00")
    made = session(native_id="shop/0002-mart", kind="decision_record", project="shop", started_at=later)
    return stating(replace(made, utterances=tuple(replace(one, said_at=later) for one in made.utterances)), *references)


STANDING = """
    SELECT choice, status, valid_to = TIMESTAMP '2026-05-05' FROM intent.decisions
    WHERE recorded_to IS NULL ORDER BY valid_from
"""


@pytest.mark.parametrize("order", ["old first", "new first"])
@pytest.mark.parametrize("said_by", ["new", "old"])
def test_a_record_that_names_another_replaces_it(take: Take, place: Path, order: str, said_by: str) -> None:
    files = [
        (old_record(*([OLDER] if said_by == "old" else [])), "adr/0001-mart.md"),
        (new_record(*([NEWER] if said_by == "new" else [])), "adr/0002-mart.md"),
    ]
    for item, name in files if order == "old first" else reversed(files):
        take(item, name=name)
    assert rows(place, STANDING) == [
        ("keep the mart in Postgres", "superseded", True),
        ("keep the mart in DuckDB", "accepted", None),
    ]
    links = rows(place, "SELECT relation, method FROM intent.links WHERE target_kind = 'decision'")
    assert links == [("supersedes", "explicit")]
    before = canonical(place)
    for item, name in files:
        take(item, name=name)
    assert canonical(place) == before


def test_what_was_replaced_holds_again_when_the_newer_record_takes_it_back(take: Take, place: Path) -> None:
    take(old_record(), name="adr/0001-mart.md")
    take(new_record(NEWER), name="adr/0002-mart.md")
    take(new_record(), name="adr/0002-mart.md")
    standing = rows(place, STANDING)
    assert standing[0] == ("keep the mart in Postgres", "accepted", None)
    history = rows(place, "SELECT status FROM intent.decisions WHERE choice LIKE '%Postgres' ORDER BY recorded_to")
    assert sorted(status for (status,) in history) == ["accepted", "accepted", "superseded"]


def test_a_record_of_another_folder_is_not_meant(take: Take, place: Path) -> None:
    take(replace(old_record(), project="other"), name="elsewhere/0001-mart.md")
    take(new_record(NEWER), name="adr/0002-mart.md")
    assert rows(place, "SELECT DISTINCT status FROM intent.decisions") == [("accepted",)]


def test_a_run_cut_short_between_sessions_is_completed_by_the_next(
    take: Take, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [session(native_id=f"talk-{number}") for number in range(4)]
    real, calls = record.save_session, []

    def failing(*given: object, **named: object) -> object:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*given, **named)  # type: ignore[arg-type]  # handed through

    with monkeypatch.context() as patched:
        patched.setattr(record, "save_session", failing)
        with pytest.raises(KeyboardInterrupt):
            take(*items)
    assert rows(place, "SELECT count(*) FROM intent.sessions") == [(2,)]
    assert rows(place, "SELECT count(*) FROM batches") == [(0,)]
    report = take(*items)
    assert rows(place, "SELECT count(*) FROM intent.sessions") == [(4,)]
    assert rows(place, "SELECT signature FROM batches") == [(report.signature,)]
    assert record_upkeep.verify(Settings(store=place)).findings == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_process_leaves_whole_sessions_only(tmp_path: Path, place: Path, take: Take) -> None:
    (tmp_path / "in").mkdir()
    for number in range(12):
        text = VTT.format(f"Let's go with option {number} because it is number {number}.")
        (tmp_path / "in" / f"{number:02}.vtt").write_text(text)
    script = (
        "import sys; from pathlib import Path; from ingest.pipeline import sources_in; "
        "from ingest.registry import reader_for; from ingest.sources import Declared; "
        "from intent_server import record; from intent_server.config import Settings\n"
        "run = record.recorder(Settings(store=Path(sys.argv[1]), wait_s=20))\n"
        "for source in sources_in(Path(sys.argv[2]), Declared()):\n"
        "    record.ingest_source(run, source, reader_for(source)); print(source.name, flush=True)\n"
    )
    reported: set[str] = set()
    for stop_after in (1, 4, 6):
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(place), str(tmp_path / "in")], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        for _, line in zip(range(stop_after), process.stdout, strict=False):
            reported.add(line.strip())
        process.send_signal(signal.SIGKILL)
        process.communicate()
        verified = record_upkeep.verify(Settings(store=place))
        assert verified.findings == []
        held = {Path(str(uri)).name for (uri,) in rows(place, "SELECT source_uri FROM intent.sessions")}
        assert reported <= held
    reports = [take(name=f"in/{n:02}.vtt", text=(tmp_path / "in" / f"{n:02}.vtt").read_text()) for n in range(12)]
    assert rows(place, "SELECT count(*) FROM intent.sessions") == [(12,)]
    assert {row[0] for row in rows(place, "SELECT signature FROM batches")} == {one.signature for one in reports}


def test_nothing_forgotten_is_left_in_the_file(
    take: Take, settings: Settings, place: Path, now: datetime, tmp_path: Path
) -> None:
    filler = session([f"Filler number {number} about the warehouse." for number in range(2000)], native_id="filler")
    secret = stating(session([f"{TALK[0]} Quetzalcoatl eats plums.", "Zanzibar too."], native_id="private"))
    take(secret, name="private.txt")
    take(filler, name="filler.txt")
    session_id = str(rows(place, "SELECT session_id FROM intent.sessions WHERE native_id = 'private'")[0][0])
    answer = record_upkeep.forget(settings, session_id, now=now, reason="asked by Mara")
    assert (answer.utterances, answer.decisions) == (2, 1)
    found = subprocess.run(
        ["grep", "-ciaE", "quetzalcoatl|zanzibar|plum", *map(str, place.parent.iterdir())],
        capture_output=True,
        text=True,
    )
    assert [line for line in found.stdout.splitlines() if not line.endswith(":0")] == []
    assert rows(place, "SELECT action, reason FROM intent.audit WHERE action = 'forget'") == [
        ("forget", "asked by Mara")
    ]
    assert rows(place, "SELECT count(*) FROM intent.utterances") == [(2000,)]
    assert record_upkeep.doctor(settings, embedder=_plain).findings == []
    assert [finding for finding in record_upkeep.verify(settings).findings if finding.check != "source missing"] == []


def _plain() -> Embedder:
    return Embedder("plain", "b2:plain", 256, lambda texts: np.ones((len(texts), 256), dtype=np.float32))


def test_a_forgotten_session_does_not_come_back(take: Take, settings: Settings, place: Path, now: datetime) -> None:
    take(session())
    session_id = str(rows(place, "SELECT session_id FROM intent.sessions")[0][0])
    record_upkeep.forget(settings, session_id, now=now)
    report = take(session())
    assert [(rule.rule, rule.count) for rule in report.set_aside_by_rule] == [("forgotten", 3)]
    assert rows(place, "SELECT count(*) FROM utterances") == [(0,)]
    with pytest.raises(NotFound):
        record_upkeep.forget(settings, "nobody's", now=now)


def test_rebuilding_gives_the_same_index(take: Take, settings: Settings, plain: Embedder, place: Path) -> None:
    take(stating(session()), stating(session(native_id="other")))
    names = "documents.kind, session_id, decision_id, first_utterance, last_utterance, documents.term_count"
    index = (
        f"SELECT {names}, term, term_frequency, document_count FROM documents "  # noqa: S608
        "JOIN postings USING (document_no) JOIN terms USING (term_no) ORDER BY ALL"
    )
    before = rows(place, index)
    with open_writer(place, wait_s=5) as db:
        db.execute("DELETE FROM postings WHERE document_no = 1")
        db.execute("DELETE FROM documents WHERE document_no = 2")
    assert record_upkeep.doctor(settings, embedder=lambda: plain).findings != []
    record_upkeep.rebuild(settings, embedder=lambda: plain)
    assert rows(place, index) == before
    assert before != []
    assert record_upkeep.doctor(settings, embedder=lambda: plain).findings == []


def test_vectors_of_another_model_are_a_finding(take: Take, settings: Settings) -> None:
    take(session())
    other = Embedder("other", "b2:other", 256, _plain().embed)
    findings = record_upkeep.doctor(settings, embedder=lambda: other).findings
    assert ["another model" in finding.problem for finding in findings] == [True]


@pytest.mark.parametrize(
    ("edit", "check"),
    [
        ("UPDATE utterances SET text = 'Nobody said this.' WHERE utterance_index = 0", "span"),
        ("UPDATE utterances SET speaker = 'Eve' WHERE utterance_index = 1", "session fingerprint"),
        ("DELETE FROM utterances WHERE utterance_index = 2", "session fingerprint"),
        ("UPDATE decisions SET subject = 'another'", "decision fingerprint"),
        ("UPDATE evidence SET start_char = start_char + 1", "span"),
        ("UPDATE batches SET kept_count = kept_count + 1", "batch signature"),
        ("UPDATE batches SET read_count = read_count + 1", "batch counts"),
        ("UPDATE audit SET actor = 'Eve' WHERE audit_no = 1", "audit chain"),
        ("DELETE FROM parts WHERE kind = 'rationale'", "orphan"),
        ("DELETE FROM sources", "orphan"),
    ],
)
def test_verify_finds_what_was_edited_by_hand(take: Take, settings: Settings, edit: str, check: str) -> None:
    take(stating(session()))
    assert record_upkeep.verify(settings).findings == []
    with open_writer(settings.store, wait_s=5) as db:
        db.execute(edit)
    assert check in [finding.check for finding in record_upkeep.verify(settings).findings]


def test_verify_tells_missing_and_changed_sources(take: Take, settings: Settings, tmp_path: Path) -> None:
    take(session(), name="a.txt")
    take(session(native_id="b"), name="b.txt")
    (tmp_path / "a.txt").write_text("other bytes")
    (tmp_path / "b.txt").unlink()
    found = [(finding.check, Path(finding.where).name) for finding in record_upkeep.verify(settings).findings]
    assert found == [("source changed", "a.txt"), ("source missing", "b.txt")]


def test_a_missing_file_that_two_readers_read_is_one_finding(take: Take, settings: Settings, tmp_path: Path) -> None:
    take(session(), name="a.vtt", text=VTT.format("Let's go with DuckDB."))
    take(name="a.vtt", text=VTT.format("Let's go with DuckDB."))
    (tmp_path / "a.vtt").unlink()
    assert [finding.check for finding in record_upkeep.verify(settings).findings] == ["source missing"]


def test_a_moved_file_that_was_ingested_again_is_not_missing(take: Take, settings: Settings, tmp_path: Path) -> None:
    take(name="a.vtt", text=VTT.format("Let's go with DuckDB."))
    (tmp_path / "a.vtt").unlink()
    assert take(name="new/a.vtt", text=VTT.format("Let's go with DuckDB.")).outcome == "unchanged"
    assert record_upkeep.verify(settings).findings == []
