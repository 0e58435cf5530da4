"""Tokens: shown once, kept as hashes, refused as soon as they are taken away."""

import json
import multiprocessing
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intent_server.errors import BadRequest, NotFound
from intent_server.mcp.tokens import READ, WRITE, add_token, bearer, held_tokens, remove_token

NOW = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture
def tokens(tmp_path: Path) -> Path:
    return tmp_path / ".intent" / "tokens.json"


def test_a_token_is_known_again_and_stands_nowhere_in_the_file(tokens: Path) -> None:
    made = add_token(tokens, "mara", may_write=True, now=NOW)
    found = bearer(held_tokens(tokens), made)
    assert found is not None
    assert (found.subject, found.scopes) == ("mara", (READ, WRITE))
    assert made not in tokens.read_text()
    assert stat.S_IMODE(tokens.stat().st_mode) == 0o600


def test_two_tokens_are_never_the_same_and_each_is_its_owners(tokens: Path) -> None:
    first, second = (add_token(tokens, name, may_write=False, now=NOW) for name in ("mara", "jonas"))
    assert first != second
    held = held_tokens(tokens)
    assert [found.subject for token in (first, second) if (found := bearer(held, token))] == ["mara", "jonas"]


@pytest.mark.parametrize("wrong", ["", "intent_", "mara", "ü\ud800", "0" * 100_000])
def test_any_other_token_is_refused(tokens: Path, wrong: str) -> None:
    add_token(tokens, "mara", may_write=True, now=NOW)
    assert bearer(held_tokens(tokens), wrong) is None


def test_a_removed_token_is_refused(tokens: Path) -> None:
    made = add_token(tokens, "mara", may_write=True, now=NOW)
    remove_token(tokens, "mara")
    assert bearer(held_tokens(tokens), made) is None


def test_removing_nobodys_token_names_those_there_are(tokens: Path) -> None:
    add_token(tokens, "mara", may_write=True, now=NOW)
    with pytest.raises(NotFound, match="'mara'"):
        remove_token(tokens, "jonas")


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 81, "mara"])
def test_a_name_that_is_taken_or_none_makes_no_token(tokens: Path, name: str) -> None:
    add_token(tokens, "mara", may_write=True, now=NOW)
    with pytest.raises(BadRequest):
        add_token(tokens, name, may_write=True, now=NOW)
    assert len(held_tokens(tokens)) == 1


def test_a_file_of_something_else_is_named(tokens: Path) -> None:
    tokens.parent.mkdir()
    tokens.write_text('{"a": 1}')
    with pytest.raises(BadRequest, match="does not hold tokens"):
        held_tokens(tokens)


def add_some(place: Path, who: str) -> None:
    for number in range(5):
        add_token(place, f"{who}{number}", may_write=False, now=NOW)


def test_tokens_made_at_once_are_all_kept(tokens: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    makers = [spawn.Process(target=add_some, args=(tokens, who)) for who in "abc"]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join(60)
    assert {token.subject for token in held_tokens(tokens)} == {
        f"{who}{number}" for who in "abc" for number in range(5)
    }


def test_a_file_that_cannot_be_written_leaves_nothing_beside_it(tokens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_token(tokens, "mara", may_write=True, now=NOW)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(json, "dump", full)
        with pytest.raises(OSError, match="No space"):
            add_token(tokens, "jonas", may_write=True, now=NOW)
    assert {path.name for path in tokens.parent.iterdir()} == {".gitignore", "tokens.json", ".tokens.json.lock"}
    assert [token.subject for token in held_tokens(tokens)] == ["mara"]
