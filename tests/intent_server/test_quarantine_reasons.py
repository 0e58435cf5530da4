"""Why a refused item was dismissed is told with it, and gone with it."""

from datetime import UTC, datetime
from pathlib import Path

from intent_server import record_upkeep
from intent_server.cli.main import run
from intent_server.config import Actor, Settings
from intent_server.store.connect import open_reader

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
REASON = "only noise from Jonas"


def test_the_reason_of_a_dismissal_stands_on_the_item_alone_and_is_forgotten_with_it(tmp_path: Path) -> None:
    log = tmp_path / "cut.jsonl"
    log.write_bytes((SAMPLES / "claude_code" / "retry-policy.jsonl").read_bytes() + b"{\n")
    settings = Settings(store=tmp_path / "intent.duckdb")
    run(["ingest", str(log), "--store", str(settings.store)])
    item = record_upkeep.quarantined(settings).items[0]
    ended = record_upkeep.dismiss_item(settings, item.item_id, now=NOW, by=Actor("mara"), reason=REASON).ended
    assert ended == f"dismissed by mara: {REASON}"
    with open_reader(settings.store, wait_s=5) as db:
        told = db.execute("SELECT reason FROM audit WHERE action = 'dismiss'").fetchall()
        (session_id,) = (row[0] for row in db.execute("SELECT session_id FROM sessions").fetchall())
    assert told == [(None,)]
    assert REASON.encode() in settings.store.read_bytes()
    record_upkeep.forget(settings, session_id, now=NOW)
    assert REASON.encode() not in settings.store.read_bytes()
