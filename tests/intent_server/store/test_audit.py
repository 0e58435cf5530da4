from datetime import datetime

import pytest

from intent_server.store.audit import Trail, broken_links
from intent_server.store.connect import Db, transaction


@pytest.fixture
def trail(db: Db, now: datetime) -> Trail:
    """Three rows in two transactions."""
    trail = Trail("Mara", now)
    for names in (("a", "b"), ("c",)):
        with transaction(db):
            for name in names:
                trail.note("add", "session", name, after="b2:x")
            trail.write(db)
    return trail


def test_the_chain_holds(db: Db, trail: Trail) -> None:
    assert list(broken_links(db)) == []
    assert db.execute("SELECT audit_no FROM audit ORDER BY 1").fetchall() == [(1,), (2,), (3,)]


@pytest.mark.parametrize(
    ("edit", "where"),
    [
        ("UPDATE audit SET actor = 'Eve' WHERE audit_no = 2", "audit row 2"),
        ("UPDATE audit SET recorded_from = TIMESTAMP '2020-01-01' WHERE audit_no = 1", "audit row 1"),
        ("DELETE FROM audit WHERE audit_no = 2", "audit row 3"),
        ("UPDATE audit SET hash = 'b2:forged' WHERE audit_no = 1", "audit row 1"),
    ],
)
def test_an_edit_by_hand_shows(db: Db, trail: Trail, edit: str, where: str) -> None:
    db.execute(edit)
    assert where in [place for place, _ in broken_links(db)]
