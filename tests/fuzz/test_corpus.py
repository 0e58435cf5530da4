"""The corpus is replayed, and every target stands a few hundred mutations with a fixed seed."""

from __future__ import annotations

from random import Random

import pytest

from ingest.registry import readers
from ingest.text import decode
from tests.fuzz.cases import CORPUS, Case, unpacked
from tests.fuzz.checks import Broken
from tests.fuzz.hunt import (
    BOUNDARY,
    TIE,
    Bounds,
    Tally,
    Target,
    fault,
    hunt,
    limited,
    minimised,
    names,
    run_case,
    target_of,
)
from tests.fuzz.mutate import mutated

MUTATIONS = 200
_MOST_BYTES = 300_000


@pytest.mark.parametrize("name", names())
def test_every_case_of_the_corpus_passes(name: str) -> None:
    target = target_of(name)
    for case in target.seeds:
        wrong, behaviour = fault(target, case, Random(1), with_ranks=name not in BOUNDARY)
        assert wrong is None, case
        assert TIE not in behaviour, case


@pytest.mark.parametrize("name", names())
def test_mutations_with_a_fixed_seed_pass(name: str) -> None:
    tally = hunt(name, Bounds(cases=MUTATIONS, seconds=60, seed=3))
    found = {wrong: times for wrong, times in tally.found.items() if not wrong.startswith(("slow", "memory"))}
    assert found == {}
    assert tally.cases > 0


def test_the_corpus_is_small_and_only_of_readers() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} <= {reader.name for reader in readers()}
    assert sum(path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()) < _MOST_BYTES


def test_a_seed_tells_the_case() -> None:
    case = Case((("a.json", b'{"a": [1, {"b": "text"}]}'), ("b.txt", b"Mara: hello\nJonas: yes\n")))
    assert mutated(case, Random(5), [case]) == mutated(case, Random(5), [case])
    assert len({mutated(case, Random(seed), [case]) for seed in range(50)}) > 40


def test_a_case_of_several_files_is_packed_and_unpacked() -> None:
    case = Case((("pr.json", b"{}\n"), ("threads.json", b"[]")))
    assert unpacked(case.packed()) == case
    assert unpacked(b"=== not a part") == Case((("export", b"=== not a part"),))


def test_a_find_is_made_as_small_as_it_still_breaks() -> None:
    case = Case((("a", b"first line\nxx BAD yy\nlast line"), ("b", b"more")))
    assert minimised(case, lambda tried: b"BAD" in tried.packed()).packed() == b"BAD"


def test_what_breaks_is_counted_by_its_kind_and_place() -> None:
    def check(case: Case, _random: Random) -> tuple[str, ...]:
        if case.files[0][1] == b"law":
            raise Broken("two is one")
        return (str(decode(case.files[0][1], uri=7, encoding="no such")),)  # type: ignore[arg-type]  # to make it fail

    target, tally = Target("made", check, ()), Tally("made")
    with limited():
        for data in (b"law", b"law", b"crash"):
            run_case(target, Case((("a", data),)), Random(1), tally)
    assert (tally.cases, tally.broken, tally.crashes) == (3, 2, 1)
    assert tally.found == {"law: two is one": 2, "crash: LookupError in ingest/text.py:decode": 1}
