"""Which commit messages become sessions, and what they state."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.changes import ChangedFile, Commit, Repository
from ingest.commits import MOST_FILES, commit_session
from ingest.pipeline import extract
from ingest.records import Candidate, Session

SHA = "ab" * 20
REPO = Repository("github.com/acme/shop", Path("/shop"), SHA, "main")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def made(subject: str, body: str, *, author: str = "Ada", paths: tuple[str, ...] = (), parents: int = 1) -> Commit:
    files = tuple(ChangedFile(path, None, "modified", 1, 1) for path in paths)
    return Commit(SHA, ("cd" * 20,) * parents, author, AT, AT, subject, body, None, files)


def session(subject: str, body: str, **more: object) -> Session | None:
    return commit_session(made(subject, body, **more), REPO)  # type: ignore[arg-type] # passed through


def only(subject: str, body: str) -> Candidate:
    found = session(subject, body)
    assert found is not None
    (candidate,) = found.stated
    return candidate


def said(candidate: Candidate, kind: str) -> list[str]:
    return [" ".join(part.spans[0].quote.split()) for part in candidate.parts if part.kind == kind]


def test_a_decision_and_its_reason_are_quoted_and_tied_to_the_commit() -> None:
    found = session(
        "Keep raw events (#12)",
        "We decided to keep raw events for 90 days instead of 30\nbecause auditors ask for a quarter.",
        paths=("models/events.sql", "CHANGELOG.md", "uv.lock"),
    )
    assert found is not None
    (candidate,) = found.stated
    assert (found.kind, found.native_id, found.project) == ("commit", f"github.com/acme/shop@{SHA}", REPO.identity)
    assert (found.started_at, found.kept, found.utterances[0].role) == (AT, 1, "person")
    assert (candidate.subject, candidate.status, candidate.authority) == ("Keep raw events", "accepted", "extracted")
    assert said(candidate, "choice") == ["We decided to keep raw events for 90 days instead of 30"]
    assert said(candidate, "rationale") == ["auditors ask for a quarter."]
    assert said(candidate, "alternative") == ["30"]
    assert [(one.relation, one.target_kind, one.target, one.method) for one in candidate.references] == [
        ("implements", "commit", SHA, "explicit"),
        ("governs", "file", "models/events.sql", "same_change"),
    ]


def test_sections_labels_and_rejected_lines_are_structure() -> None:
    one = only(
        "Use DuckDB for the cache",
        "Why: it reads Parquet in place.\n\nRejected: SQLite | no Parquet\nConstraint: no server",
    )
    assert one.authority == "structured"
    assert said(one, "choice") == ["Use DuckDB for the cache"]
    assert said(one, "alternative") == ["SQLite"]
    assert "no Parquet" in said(one, "rationale")
    assert said(one, "constraint") == ["no server"]
    other = only(
        "Remove the cache", "Key changes:\n- gone\n\nWhy this change:\n- stale prices were shown\n- nobody reads it\n"
    )
    assert said(other, "rationale") == ["stale prices were shown", "nobody reads it"]


def test_a_revert_with_a_reason_is_a_decision_and_one_without_is_none() -> None:
    stated = only(
        'Revert "Use Redis"', f"This reverts commit {SHA}.\n\nRedis lost sessions on every restart of the shop."
    )
    assert (stated.authority, said(stated, "choice")) == ("structured", ['Revert "Use Redis"'])
    assert said(stated, "rationale") == ["Redis lost sessions on every restart of the shop."]
    assert session('Revert "Use Redis"', f"This reverts commit {SHA}.") is None


def test_what_was_weighed_is_an_alternative_with_its_reason() -> None:
    one = only("Drop the sys-info dependency", "I considered switching to sysinfo, but our use of it is trivial.")
    assert said(one, "alternative") == ["switching to sysinfo"]
    assert [(part.kind, part.about) for part in one.parts] == [
        ("choice", None),
        ("alternative", None),
        ("rationale", 1),
    ]


def test_a_reason_before_the_decision_is_the_reason() -> None:
    one = only(
        "Dialect settings", "This matches what the server does on Linux, so we decided to use that as a default."
    )
    assert said(one, "choice") == ["we decided to use that as a default."]
    assert said(one, "rationale") == ["This matches what the server does on Linux"]


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Stop installing black on 3.5", "Since we no longer support Python 3.5 we don't need this any more."),
        ("Use scope='session' for all fixtures", "This means they run once, and the database they make never changes."),
        ("Promote Glitch instead of Publish", "Publish is broken due to changes of its platform."),
    ],
)
def test_a_subject_that_chooses_with_a_reason_below_is_kept(subject: str, body: str) -> None:
    one = only(subject, body)
    assert said(one, "choice") == [subject]
    assert said(one, "rationale")
    assert one.confidence < 1


@pytest.mark.parametrize(
    ("subject", "body", "more"),
    [
        ("Use DuckDB", "", {}),
        ("Add a button", "It opens the cart.", {}),
        ("Fix crash on start", "It crashed because the list was empty.", {}),
        ("Bump duckdb from 1.4 to 1.5", "Why: it is newer.", {}),
        ("Release 1.2", "We decided to release because it is time.", {}),
        ("Update", "We decided to keep it because it works.", {"author": "dependabot[bot]"}),
        ("Merge branch 'x'", "We decided to keep it because it works.", {"parents": 2}),
        ("Merge pull request #1 from a/b", "Use DuckDB because it reads Parquet", {}),
        ("Tidy (#4)", "* Use sets instead of lists\n\n* PR feedback\n\nCo-authored-by: Bo <[masked:email]>", {}),
        ("Change the cache", "Should we use Redis instead of files because it is faster?", {}),
        ("Change the cache", "We had not decided to use Redis.", {}),
        ("Use `a`", "    because this is code\n", {}),
        ("Use `a`", "> because somebody wrote so", {}),
    ],
)
def test_boilerplate_faults_questions_and_code_state_nothing(subject: str, body: str, more: dict[str, object]) -> None:
    assert session(subject, body, **more) is None


def test_a_change_of_many_files_governs_none_of_them() -> None:
    paths = tuple(f"f{n}.py" for n in range(MOST_FILES + 1))
    found = session("Use tabs", "We chose to use tabs because the linter does.", paths=paths)
    assert found is not None
    assert [one.relation for one in found.stated[0].references] == ["implements"]


def test_the_passes_add_no_decision_of_free_talk() -> None:
    found = session(
        "Rework", "Let's go with Redis then, okay? We agreed to use Redis because it is there.\n\nLet's drop files."
    )
    assert found is not None
    assert len(extract(found).candidates) == len(found.stated) == 1


WORDS = st.lists(
    st.sampled_from(
        "we decided to use keep Redis instead of files because since so that it is faster . , : \n\n \n - Why:"
        " Rejected: | but considered I 'tis é 🙂 ``` > Decision: revert # Revert ? ( )".split(" ")
    ),
    max_size=60,
).map(" ".join)


@given(WORDS, WORDS)
def test_every_part_quotes_its_utterance_exactly(subject: str, body: str) -> None:
    found = commit_session(made(" ".join(subject.split()), body), REPO)
    for candidate in found.stated if found else ():
        is_headed = "decision:" in body.lower()
        assert is_headed or {"rationale", "alternative"} & {part.kind for part in candidate.parts}
        assert [part.kind for part in candidate.parts].count("choice") == 1
    if found:
        assert len(extract(found).candidates) == len(found.stated)
        assert not extract(found).rejected
