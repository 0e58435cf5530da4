"""What the console script does before any command runs."""

import os

import pytest

from intent_server.cli import main as cli


@pytest.mark.parametrize(("given", "expected"), [(None, "1"), ("3", "3")])
def test_numpy_computes_in_one_thread_unless_told(
    monkeypatch: pytest.MonkeyPatch, given: str | None, expected: str
) -> None:
    name = cli.ONE_THREAD[0]
    monkeypatch.setenv(name, given or "")
    if given is None:
        monkeypatch.delenv(name)
    seen: list[str | None] = []

    def ran() -> int:
        seen.append(os.environ.get(name))
        return 0

    monkeypatch.setattr(cli, "run", ran)
    with pytest.raises(SystemExit):
        cli.main()
    assert seen == [expected]
