"""What `intent doctor` counts is what a person finds in the views under the same name."""

import shutil
from pathlib import Path

from intent_server import record_upkeep
from intent_server.config import Settings
from intent_server.store.connect import open_reader


def test_links_are_counted_as_their_view_shows_them(example: Path, tmp_path: Path) -> None:
    place = tmp_path / "intent.duckdb"
    shutil.copy(example / "intent.duckdb", place)
    with open_reader(place, wait_s=5) as db:
        (shown,) = db.execute("SELECT count(*) FROM intent.links WHERE recorded_to IS NULL").fetchone() or (0,)
        (stated,) = db.execute("SELECT count(*) FROM main.links WHERE recorded_to IS NULL").fetchone() or (0,)
    counts = {count.rule: count.count for count in record_upkeep.doctor(Settings(store=place, actor="test")).counts}
    assert counts["links"] == shown
    assert shown != stated
