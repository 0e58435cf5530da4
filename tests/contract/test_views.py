from collections.abc import Callable

from intent_server.store.connect import Db

STABLE = {
    "sessions": (
        "session_id, source_uri, source_kind, native_id, title, project, branch, started_at, ended_at, "
        "utterance_count, language"
    ),
    "utterances": "session_id, utterance_index, speaker, role, said_at, start_ms, end_ms, text, locator, doubt",
    "decisions": (
        "decision_id, session_id, subject, choice, status, authority, confidence, decided_at, valid_from, valid_to, "
        "recorded_from, recorded_to, is_doubtful"
    ),
    "parts": "part_id, decision_id, kind, about_part_id, text, recorded_from, recorded_to",
    "evidence": ("evidence_id, part_id, decision_id, part, session_id, utterance_index, start_char, end_char, quote"),
    "people": "decision_id, person, role, recorded_from, recorded_to",
    "reviews": (
        "review_id, decision_id, action, actor, client, reason, other_decision_id, changes, recorded_from, "
        "recorded_to, undone_by, undone_reason"
    ),
    "session_dates": "session_id, started_at, time_basis",
    "links": (
        "link_id, decision_id, relation, target_kind, target, method, recorded_from, recorded_to, anchor_id, "
        "session_id, utterance_index, evidence"
    ),
}
COLUMNS = """
    SELECT table_name, column_name, data_type, comment FROM duckdb_columns()
    WHERE schema_name = 'intent' ORDER BY table_name, column_index
"""


def test_the_views_that_analysts_rely_on_keep_their_columns(db: Db) -> None:
    found: dict[str, list[str]] = {}
    for view, column, _, _ in db.execute(COLUMNS).fetchall():
        found.setdefault(view, []).append(column)
    assert {view: ", ".join(found[view]) for view in STABLE} == STABLE
    assert {"batches", "quarantine", "audit"} <= found.keys()


def test_every_view_and_column_is_commented(db: Db) -> None:
    assert [row[:2] for row in db.execute(COLUMNS).fetchall() if not row[3]] == []
    views = db.execute("SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'intent'").fetchall()
    assert [name for name, comment in views if not comment] == []


def test_views_read_as_their_golden_file(db: Db, golden: Callable[[str, str], None]) -> None:
    """The views are made with a migration: a change here needs a new file in store/migrations too."""
    lines: list[str] = []
    views = db.execute("SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'intent' ORDER BY 1")
    for name, comment in views.fetchall():
        lines += ["", f"intent.{name}: {comment}"]
        columns = [row for row in db.execute(COLUMNS).fetchall() if row[0] == name]
        lines += [f"  {column:<22}{kind:<12}{said}" for _, column, kind, said in columns]
    golden("views.txt", "\n".join(lines).lstrip() + "\n")
