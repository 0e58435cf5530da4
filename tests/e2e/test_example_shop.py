"""The example project: one decision, reached from the meeting, the line of code and the dbt model."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import pytest

from intent_server.cli.main import run
from intent_server.errors import ExitCode

SHOP = Path(__file__).parents[2] / "data" / "examples" / "shop"
MODEL = "models/staging/stg_orders.sql"
CHOICE = "Okay, then we drop test orders in stg_orders, as in PR 12, instead of filtering in each mart"
LANDED = "b9c317153d9d5c61db3b3e204d96faa2947a7f6b"
BEFORE = "4fc0c1cceeaae92db5e9fd2ab06c35bfdca9e1fc"
LINKS = """
    SELECT decisions.choice, links.relation, links.target_kind, links.target, links.method, links.evidence
    FROM intent.links JOIN intent.decisions USING (decision_id)
    WHERE links.recorded_to IS NULL ORDER BY ALL
"""
Object = Mapping[str, object]
Asked = Callable[..., Object]


def made(folder: Path) -> list[str]:
    command = [sys.executable, str(SHOP / "make.py"), str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    return [line.split()[0] for line in told.splitlines()]


def ingests(repository: Path) -> dict[str, list[str]]:
    return {
        "sources": ["ingest", str(SHOP / "sources")],
        "git": ["ingest", "git", str(repository)],
        "before": ["ingest", "dbt", str(SHOP / "target_before")],
        "after": ["ingest", "dbt", str(SHOP / "target_after")],
    }


def shown(capsys: pytest.CaptureFixture[str], *command: str) -> Object:
    capsys.readouterr()
    assert run([*command, "--json"]) == ExitCode.DONE
    return cast(Object, json.loads(capsys.readouterr().out))


def listed(answer: Object, name: str) -> list[Object]:
    return cast(list[Object], answer[name])


def quoted(part: object) -> str:
    return str(listed(cast(Object, part), "quotes")[0]["recorded_text"])


def by_choice(answer: Object) -> dict[str, Object]:
    return {quoted(one["choice"]): one for one in listed(answer, "decisions")}


@pytest.fixture
def repository(example: Path) -> Path:
    return example / "shop"


@pytest.fixture(scope="module")
def store(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that first heard the conversations and then read the code and the pipeline."""
    return Path(shutil.copy(example / "intent.duckdb", tmp_path_factory.mktemp("example-store")))


@pytest.fixture
def why(store: Path, capsys: pytest.CaptureFixture[str]) -> Asked:
    return lambda asked: shown(capsys, "why", asked, "--store", str(store))


def line_of(repository: Path, words: str) -> int:
    lines = (repository / MODEL).read_text(encoding="utf-8").splitlines()
    return 1 + next(at for at, line in enumerate(lines) if words in line)


def test_the_repository_has_the_same_hashes_everywhere(repository: Path, tmp_path: Path) -> None:
    shas = made(tmp_path / "again")
    assert shas[-1] == "933a22c266465e7213f41502482c40b1d2a00b9b"
    assert {LANDED, BEFORE} < set(shas)


def test_the_manifests_differ_in_the_model_that_changed_alone() -> None:
    nodes = {
        name: json.loads((SHOP / name / "manifest.json").read_text(encoding="utf-8"))["nodes"]
        for name in ("target_before", "target_after")
    }
    changed = {name for name, node in nodes["target_after"].items() if node != nodes["target_before"][name]}
    assert nodes["target_before"].keys() == nodes["target_after"].keys()
    assert changed == {"model.shop.stg_orders"}


def test_words_reach_the_decision_and_what_it_governs(why: Asked) -> None:
    answer = why("why do we drop test orders?")
    first = listed(answer, "decisions")[0]
    assert answer["verdict"] == "decided"
    assert quoted(first["choice"]) == CHOICE
    assert [quoted(one) for one in listed(first, "rationale")] == [
        "because no model downstream should have to remember them."
    ]
    assert [quoted(one) for one in listed(first, "alternatives")] == ["filtering in each mart"]
    tied = {(link["relation"], link["target_kind"], link["method"]) for link in listed(first, "links")}
    assert tied == {("governs", "node", "name"), ("mentions", "pull_request", "explicit")}


@pytest.mark.parametrize(
    ("subject", "came_by"),
    [
        (f"{MODEL}:LINE", ("governs", "node", "name", "stg_orders")),
        (MODEL, ("governs", "node", "name", "stg_orders")),
        ("stg_orders", ("governs", "node", "name", "stg_orders")),
        ("stg_orders.is_test", ("governs", "node", "name", "stg_orders")),
        ("shop.analytics.stg_orders", ("governs", "node", "name", "stg_orders")),
        ("#12", ("mentions", "pull_request", "explicit", "PR 12")),
        (LANDED[:7], ("mentions", "pull_request", "explicit", "PR 12")),
    ],
)
def test_a_place_reaches_the_same_decision_and_says_by_which_link(
    why: Asked, repository: Path, subject: str, came_by: tuple[str, ...]
) -> None:
    answer = why(subject.replace("LINE", str(line_of(repository, "coalesce"))))
    link = cast(Object, by_choice(answer)[CHOICE]["came_by"])
    assert (link["relation"], link["target_kind"], link["method"], link["evidence"]) == came_by
    assert LANDED in {change["sha"] for change in listed(answer, "changes")}


def test_the_session_that_wrote_the_line_is_reached_by_it(why: Asked, repository: Path) -> None:
    link = cast(Object, listed(why(f"{MODEL}:{line_of(repository, 'coalesce')}"), "decisions")[0]["came_by"])
    assert (link["relation"], link["method"]) == ("governs", "same_change")


def test_a_commit_is_reached_by_its_hash_in_what_git_printed(why: Asked) -> None:
    decision = by_choice(why(LANDED))["Let's use coalesce in stg_orders instead of rewriting the raw table"]
    link = cast(Object, decision["came_by"])
    assert (link["relation"], link["method"], link["evidence"]) == ("implements", "same_change", "[main b9c3171]")


def test_a_commit_message_that_states_a_decision_is_one(why: Asked) -> None:
    decision = by_choice(why("payments/retry.py"))["Payments: three attempts with jitter"]
    assert cast(Object, decision["came_by"])["method"] == "same_change"
    assert "a circuit breaker" in [quoted(one) for one in listed(decision, "alternatives")]


def test_the_model_says_in_which_version_each_decision_was_made(why: Asked) -> None:
    answer = why("stg_orders")
    node = listed(answer, "nodes")[0]
    ids = {choice: str(one["decision_id"]) for choice, one in by_choice(answer).items()}
    made_in = {str(one["decision_id"]): one for one in listed(node, "made_in")}
    meeting = made_in[ids[CHOICE]]
    session = made_in[ids["Let's use coalesce in stg_orders instead of rewriting the raw table"]]
    assert node["version_count"] == 2
    assert (cast(Object, meeting["version"])["git_sha"], meeting["is_changed_since"]) == (LANDED, False)
    assert (cast(Object, session["version"])["git_sha"], session["is_changed_since"]) == (LANDED, False)
    assert [one["status"] for one in listed(node, "runs")] == ["success"]


def test_a_model_that_did_not_change_says_so(why: Asked) -> None:
    answer = why("active_customers")
    node = listed(answer, "nodes")[0]
    assert "We count orders instead of logins" in by_choice(answer)
    assert node["version_count"] == 1


@pytest.fixture
def again(store: Path, tmp_path: Path) -> Path:
    """A copy of the store, to ingest into once more."""
    return Path(shutil.copyfile(store, tmp_path / "intent.duckdb"))


def test_everything_again_changes_nothing(again: Path, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps, at = ingests(repository), ("--store", str(again))
    before = shown(capsys, "sql", LINKS, *at)["rows"]
    assert {one["outcome"] for one in listed(shown(capsys, *steps["sources"], *at), "sources")} == {"unchanged"}
    for name in ("git", "after"):
        answer = shown(capsys, *steps[name], *at)
        links = cast(Object, answer["links"])
        assert (name, answer["outcome"], links["added"], links["closed"]) == (name, "unchanged", 0, 0)
    assert shown(capsys, "sql", LINKS, *at)["rows"] == before


def test_an_older_manifest_again_changes_nothing(
    again: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shown(capsys, *ingests(repository)["before"], "--store", str(again))["outcome"] == "unchanged"


def test_a_line_is_not_reached_by_what_was_decided_about_another(why: Asked, repository: Path) -> None:
    text = (repository / MODEL).read_text(encoding="utf-8").splitlines()
    assert text[8] == ""
    assert "Please compare with coalesce" not in by_choice(why(f"{MODEL}:9"))


@pytest.mark.parametrize(
    "order",
    [
        "git sources before after",
        "before after git sources",
        "before after sources git",
        "sources before after git",
    ],
)
def test_the_links_are_the_same_whatever_was_read_first(
    store: Path, repository: Path, order: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    other = tmp_path / "intent.duckdb"
    for name in order.split():
        assert run([*ingests(repository)[name], "--store", str(other)]) == ExitCode.DONE
    rows = [shown(capsys, "sql", LINKS, "--store", str(place))["rows"] for place in (other, store)]
    assert rows[0] == rows[1]


def test_a_review_threads_lines_are_of_the_commit_that_it_was_written_on(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    query = """
        SELECT DISTINCT anchors.commit_sha, anchors.text
        FROM intent.links JOIN intent.anchors USING (anchor_id) JOIN intent.decisions USING (decision_id)
        WHERE decisions.choice = 'Please compare with coalesce' AND anchors.kind = 'lines'
    """
    ((sha, text),) = cast(list[list[str]], shown(capsys, "sql", query, "--store", str(store))["rows"])
    assert sha.startswith("1320e42")
    assert "is_test" in text
