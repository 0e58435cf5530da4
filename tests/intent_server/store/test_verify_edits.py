"""`verify` names what was edited by hand: one test a way of editing."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from intent_server.cli.main import run
from intent_server.config import Settings
from intent_server.record_upkeep import forget, verify
from intent_server.store.connect import open_writer

SAMPLES = Path(__file__).parents[3] / "data" / "samples"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a superseded decision, dialogs, a meeting and a refused line."""
    folder = tmp_path_factory.mktemp("whole")
    cut = folder / "cut.jsonl"
    cut.write_bytes((SAMPLES / "claude_code" / "retry-policy.jsonl").read_bytes()[:-40])
    sources = [str(SAMPLES / "decision_record"), str(SAMPLES / "vtt"), str(cut)]
    run(["ingest", *sources, "--store", str(folder / "intent.duckdb")])
    assert verify(Settings(store=folder / "intent.duckdb")).findings == []
    return folder / "intent.duckdb"


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Path:
    """A copy to be edited."""
    return Path(shutil.copy(whole, tmp_path))


EDITS = {
    "a choice": ("text", "UPDATE decisions SET choice = 'Use Oracle' WHERE decision_id = <ANY>"),
    "a part's text": ("text", "UPDATE parts SET text = 'Use Oracle' WHERE part_id = (SELECT min(part_id) FROM parts)"),
    "a quote": (
        "span",
        "UPDATE evidence SET quote = 'Oracle' WHERE evidence_id = (SELECT min(evidence_id) FROM evidence)",
    ),
    "an utterance": ("session fingerprint", "UPDATE utterances SET text = text || '!' WHERE utterance_index = 0"),
    "a status": (
        "decision fingerprint",
        "UPDATE decisions SET status = 'proposed' WHERE recorded_to IS NULL AND decision_id = <ANY>",
    ),
    "a superseded one": (
        "decision state",
        "UPDATE decisions SET status = 'accepted' WHERE status = 'superseded' AND recorded_to IS NULL",
    ),
    "an authority": ("decision fingerprint", "UPDATE decisions SET authority = 'ratified' WHERE decision_id = <ANY>"),
    "a person": ("decision fingerprint", "UPDATE people SET role = 'objected' WHERE role = 'decided'"),
    "a decision deleted": ("audit", "DELETE FROM decisions WHERE decision_id = <ANY>"),
    "a decision closed": ("audit", "UPDATE decisions SET recorded_to = recorded_from WHERE decision_id = <ANY>"),
    "a session deleted": ("audit", "DELETE FROM sessions WHERE session_id = (SELECT min(session_id) FROM sessions)"),
    "a session closed": ("orphan", "UPDATE sessions SET recorded_to = recorded_from"),
    "a supersession removed": ("audit", "DELETE FROM links WHERE target_kind = 'decision'"),
    "a supersession turned": ("audit", "UPDATE links SET target = <ANY> WHERE target_kind = 'decision'"),
    "a batch deleted": ("audit", "DELETE FROM batches WHERE batch_id = (SELECT min(batch_id) FROM batches)"),
    "a batch's counts": ("batch signature", "UPDATE batches SET kept_count = kept_count + 1"),
    "a refused item deleted": ("audit", "DELETE FROM quarantine"),
    "the audit emptied": ("audit", "DELETE FROM audit"),
    "the audit's end cut": ("audit", "DELETE FROM audit WHERE audit_no = (SELECT max(audit_no) FROM audit)"),
    "a span": (
        "span",
        "UPDATE evidence SET start_char = start_char + 1, end_char = end_char + 1"
        " WHERE evidence_id = (SELECT min(evidence_id) FROM evidence)",
    ),
    "an end of validity": (
        "decision state",
        "UPDATE decisions SET valid_to = TIMESTAMP '2027-01-01' WHERE recorded_to IS NULL AND decision_id = <ANY>",
    ),
    "a person's name": (
        "decision fingerprint",
        "UPDATE people SET person = 'Nobody' WHERE decision_id = (SELECT min(decision_id) FROM people)",
    ),
    "an audit row deleted": ("audit chain", "DELETE FROM audit WHERE audit_no = 3"),
    "an audit row": ("audit chain", "UPDATE audit SET actor = 'nobody' WHERE audit_no = 1"),
}
ANY = "(SELECT max(decision_id) FROM decisions WHERE recorded_to IS NULL AND status = 'accepted')"


@pytest.mark.parametrize(("check", "edit"), EDITS.values(), ids=EDITS)
def test_an_edit_by_hand_is_found_by_name(check: str, edit: str, store: Path) -> None:
    with open_writer(store, wait_s=5) as db:
        db.execute(edit.replace("<ANY>", ANY))
    found = verify(Settings(store=store), quick=True).findings
    assert check in {finding.check for finding in found}
    assert all(finding.remedy for finding in found)


def test_what_forget_removed_is_no_finding(store: Path, now: datetime) -> None:
    with open_writer(store, wait_s=5) as db:
        sessions = [str(row[0]) for row in db.execute("SELECT session_id FROM intent.sessions").fetchall()]
    for session in sessions[:3]:
        forget(Settings(store=store), session, now=now)
    assert verify(Settings(store=store)).findings == []
