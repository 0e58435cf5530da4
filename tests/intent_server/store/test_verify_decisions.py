"""What is told of acts, versions and intervals that do not fit; days count from one on, None is still open."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from intent_server.store.connect import Db
from intent_server.store.verify_decisions import decision_findings

Days = tuple[int | None, int | None]
FIRST = datetime(2026, 3, 1)  # noqa: DTZ001  # as the tables have it: UTC without a zone
OVERLAP = "two of its versions overlap"


def problems(db: Db) -> list[tuple[str, str]]:
    """(where, problem) of all that this check finds."""
    return [(one.where, one.problem) for one in decision_findings(db) if one.check == "review"]


def at(days: int | None) -> datetime | None:
    return None if days is None else FIRST + timedelta(days=days)


def keep_decision(db: Db, decision_id: str, *, recorded: Days = (0, None), valid: Days = (0, None)) -> None:
    db.execute(
        """
        INSERT INTO decisions BY NAME
        SELECT $id AS decision_id, 's' AS session_id, 'the mart' AS subject, 'DuckDB' AS choice, 'accepted' AS status,
            'structured' AS authority, 1.0 AS confidence, 'x/1' AS extractor, $id AS fingerprint,
            $valid_from AS valid_from, $valid_to AS valid_to,
            $recorded_from AS recorded_from, $recorded_to AS recorded_to
        """,
        {"id": decision_id, **bounds("valid", valid), **bounds("recorded", recorded)},
    )


def keep_part(db: Db, part_id: str, *, recorded: Days) -> None:
    db.execute(
        """
        INSERT INTO parts BY NAME
        SELECT $id AS part_id, 'd' AS decision_id, 0 AS position, 'choice' AS kind, 'DuckDB' AS text,
            $recorded_from AS recorded_from, $recorded_to AS recorded_to
        """,
        {"id": part_id, **bounds("recorded", recorded)},
    )


def keep_link(db: Db, *, relation: str = "supersedes", ended: int | None = None) -> None:
    db.execute(
        """
        INSERT INTO links BY NAME
        SELECT 'l' AS link_id, 'newer' AS decision_id, $relation AS relation, 'decision' AS target_kind,
            'older' AS target, 'explicit' AS method, $recorded_from AS recorded_from, $recorded_to AS recorded_to
        """,
        {"relation": relation, **bounds("recorded", (0, ended))},
    )


def keep_review(db: Db, decision_id: str, other: str | None = None) -> None:
    db.execute(
        """
        INSERT INTO reviews BY NAME
        SELECT 'r' AS review_id, $id AS decision_id, 'superseded' AS action, 'mara' AS actor, 'm' AS mark,
            $other AS other_decision_id, $recorded_from AS recorded_from
        """,
        {"id": decision_id, "other": other, "recorded_from": FIRST},
    )


def bounds(name: str, days: Days) -> dict[str, datetime | None]:
    return {f"{name}_from": at(days[0]), f"{name}_to": at(days[1])}


APART = {
    "one after the other": [(0, 2), (2, None)],
    "a gap between them": [(0, 1), (2, 3), (3, None)],
    "one that held for no time": [(0, 0), (0, None)],
    "one that was ended": [(0, 2)],
}
TOGETHER = {
    "ended after the next began": [(0, 3), (2, None)],
    "never ended": [(0, None), (2, None)],
    "ended before it began": [(2, 1)],
}


@pytest.mark.parametrize("versions", APART.values(), ids=APART)
def test_versions_one_after_the_other_are_no_finding(db: Db, versions: Sequence[Days]) -> None:
    for recorded in versions:
        keep_decision(db, "d", recorded=recorded)
        keep_part(db, "p", recorded=recorded)
    assert problems(db) == []


@pytest.mark.parametrize("versions", TOGETHER.values(), ids=TOGETHER)
def test_versions_of_a_decision_that_overlap_are_found(db: Db, versions: Sequence[Days]) -> None:
    for recorded in versions:
        keep_decision(db, "d", recorded=recorded)
    assert problems(db) == [("decision d", OVERLAP)]


@pytest.mark.parametrize("versions", TOGETHER.values(), ids=TOGETHER)
def test_versions_of_a_part_that_overlap_are_found(db: Db, versions: Sequence[Days]) -> None:
    for recorded in versions:
        keep_part(db, "p", recorded=recorded)
    assert problems(db) == [("part p", OVERLAP)]


def test_versions_of_different_things_may_hold_at_once(db: Db) -> None:
    for name in ("one", "other"):
        keep_decision(db, name)
        keep_part(db, name, recorded=(0, None))
    assert problems(db) == []


@pytest.mark.parametrize("older", [(0, None), (0, 3), (None, None), (None, 3)])
def test_what_was_replaced_and_holds_on_is_found(db: Db, older: Days) -> None:
    keep_decision(db, "older", valid=older)
    keep_decision(db, "newer", valid=(2, None))
    keep_link(db)
    assert problems(db) == [("decision older", "it holds on after decision newer, which replaced it, began")]


FITTING: dict[str, tuple[Days, Days]] = {
    "ended when the newer one began": ((0, 2), (2, None)),
    "ended before": ((0, 1), (2, None)),
    "held for no time": ((3, 3), (2, None)),
    "the newer one held for no time": ((0, None), (2, 2)),
    "nobody knows when the newer one began": ((0, None), (None, None)),
}


@pytest.mark.parametrize(("older", "newer"), FITTING.values(), ids=FITTING)
def test_what_was_replaced_and_holds_no_longer_is_no_finding(db: Db, older: Days, newer: Days) -> None:
    keep_decision(db, "older", valid=older)
    keep_decision(db, "newer", valid=newer)
    keep_link(db)
    assert problems(db) == []


@pytest.mark.parametrize(("relation", "ended"), [("refines", None), ("supersedes", 1)])
def test_what_nothing_replaces_any_more_holds_on(db: Db, relation: str, ended: int | None) -> None:
    keep_decision(db, "older")
    keep_decision(db, "newer", valid=(2, None))
    keep_link(db, relation=relation, ended=ended)
    assert problems(db) == []


def test_an_act_upon_nothing_is_found(db: Db) -> None:
    keep_review(db, "gone")
    assert ("review r", "the decision it is upon is not there") in problems(db)


def test_an_act_that_names_nothing_as_newer_is_found(db: Db) -> None:
    keep_decision(db, "d")
    keep_review(db, "d", "gone")
    assert ("review r", "the decision it names as newer is not there") in problems(db)
