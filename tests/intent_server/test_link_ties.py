from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from intent_server.link_changes import Step
from intent_server.link_resolve import Home, Known
from intent_server.link_ties import MOST_FILES, Committed, Quoted, Scene, Stated, Tie, Ties, ties_of

SHOP = "example.org/acme/shop"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMES = [f"f{number}.py" for number in range(9)]
KNOWN = Known(files={name: [(SHOP, name)] for name in NAMES}, repositories=frozenset({SHOP}))
CHOICE = Quoted("choice", 1, "we retry twice")


def no_hunks(_repository: str, _sha: str, _path: str) -> Sequence[tuple[int, int, str]]:
    return ()


def edit(index: int, name: str) -> Step:
    return Step(index, "tool_call", "Edit", f"Edit: {name}", at=NOW + timedelta(minutes=index))


def scene(*steps: Step, during: Sequence[Committed] = ()) -> Scene:
    return Scene("s1", "agent_session", Home(SHOP), steps, during)


def made(minute: int, *paths: str) -> Committed:
    return Committed(SHOP, f"{minute:040x}", "Retry", NOW + timedelta(minutes=minute), frozenset(paths))


def of(place: Scene, *quotes: Quoted, stated: Sequence[Stated] = (), known: Known = KNOWN) -> Ties:
    return ties_of(quotes or (CHOICE,), stated, place, known, no_hunks)


def named(found: Ties, kind: str) -> list[tuple[str, str, str]]:
    return [(tie.relation, tie.method, tie.anchor.name) for tie in found.ties if tie.anchor.kind == kind]


def commits(found: Ties) -> list[int]:
    return [int(tie.anchor.name, 16) for tie in found.ties if tie.anchor.kind == "commit"]


def test_files_edited_next_are_governed_and_those_edited_before_are_not() -> None:
    found = of(scene(edit(0, "f0.py"), edit(2, "f1.py")))
    assert named(found, "file") == [("governs", "same_change", "f1.py")]


def test_a_proposal_and_its_yes_count_from_the_yes() -> None:
    found = of(scene(edit(2, "f1.py"), edit(4, "f2.py")), CHOICE, Quoted("choice", 3, "yes"))
    assert [name for _, _, name in named(found, "file")] == ["f2.py"]


def test_more_files_than_a_decision_governs_are_counted_and_link_to_none() -> None:
    found = of(scene(*(edit(2 + number, f"f{number}.py") for number in range(MOST_FILES + 1))))
    assert named(found, "file") == []
    assert [one.fits for one in found.unresolved] == [MOST_FILES + 1]


def test_a_commit_after_the_edit_that_holds_mostly_the_sessions_files_is_its() -> None:
    assert commits(of(scene(edit(2, "f1.py"), during=[made(9, "f1.py")]))) == [9]


def test_a_commit_made_before_the_edit_is_anothers() -> None:
    assert commits(of(scene(edit(5, "f1.py"), during=[made(3, "f1.py")]))) == []


def test_a_commit_mostly_of_files_that_the_session_never_edited_is_anothers() -> None:
    assert commits(of(scene(edit(2, "f1.py"), during=[made(9, "f1.py", "f2.py", "f3.py")]))) == []


def test_only_the_next_commit_of_a_file_holds_what_was_edited() -> None:
    assert commits(of(scene(edit(2, "f1.py"), during=[made(9, "f1.py"), made(12, "f1.py")]))) == [9]


def test_the_first_hash_in_a_tools_output_after_the_edit_is_the_commit() -> None:
    shas = ["0a1b2c3" + 33 * "0", "4d5e6f7" + 33 * "0"]
    steps = [edit(2, "f1.py"), *(Step(3 + at, "tool_result", "", f"[main {sha[:7]}] x") for at, sha in enumerate(shas))]
    known = replace(KNOWN, commits=[(SHOP, sha) for sha in shas])
    assert [tie.anchor.name for tie in of(scene(*steps), known=known).ties if tie.anchor.kind == "commit"] == shas[:1]


def test_a_commit_that_was_squashed_away_leaves_the_next_one() -> None:
    steps = [
        edit(2, "f1.py"),
        Step(3, "tool_result", "", "[b 1111111] x"),
        Step(4, "tool_result", "", "[main 4d5e6f7] x"),
    ]
    known = replace(KNOWN, commits=[(SHOP, "4d5e6f7" + 33 * "0")])
    assert [tie.evidence for tie in of(scene(*steps), known=known).ties if tie.anchor.kind == "commit"] == [
        "[main 4d5e6f7]"
    ]


def test_a_small_word_names_something_in_a_choice_but_not_in_a_reason() -> None:
    place = replace(scene(), home=Home(SHOP, changed=frozenset({"f1.py"})))
    known = replace(KNOWN, stems={"sync": [(SHOP, "f1.py")]})
    assert named(of(place, Quoted("choice", 1, "drop `sync`"), known=known), "file") == [("governs", "name", "f1.py")]
    assert of(place, Quoted("rationale", 1, "drop `sync`"), known=known).ties == []


def test_what_the_source_states_and_the_words_repeat_is_one_tie_a_method() -> None:
    stated = [Stated("l1", "governs", "file", "f1.py", "explicit")] * 2
    ties: list[Tie] = of(scene(), stated=stated).ties
    assert [(tie.anchor.name, tie.stated_link_id) for tie in ties] == [("f1.py", "l1")]


def test_of_too_many_stated_files_each_is_only_mentioned() -> None:
    stated = [Stated(name, "governs", "file", name, "explicit") for name in NAMES[: MOST_FILES + 1]]
    assert {relation for relation, _, _ in named(of(scene(), stated=stated), "file")} == {"mentions"}
