"""The tests of the store itself make their stores from nothing, by every migration."""

import pytest

from intent_server.store import connect


@pytest.fixture(autouse=True)
def made_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "_make_empty", connect._make_empty.__wrapped__)
