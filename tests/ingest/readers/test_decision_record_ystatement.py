"""Y-statements: a decision told in one sentence by fixed lead-ins."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pipeline import read
from ingest.readers.decision_record import READER, accepts
from ingest.records import Candidate, Session
from ingest.registry import reader_for
from ingest.sources import Declared, stdin_source
from tests.growth import assert_linear_row

OPENING = "In the context of the orders mart, facing slow loads, we decided for DuckDB and neglected Postgres"
TAIL = ("to achieve loads under a minute", "accepting one writer at a time", "because it is one file")
WHOLE = f"{OPENING}, {TAIL[0]}, {TAIL[1]}, {TAIL[2]}."
NOTE = "unconfirmed format: Y-statement"


def session(text: str, name: str = "0001-record.md") -> Session:
    source = stdin_source(text.encode(), Declared(stdin_name=name))
    (found,) = read(source, READER).sessions
    for candidate in found.stated:
        for part in candidate.parts:
            for span in part.spans:
                assert found.utterances[span.utterance_index].text[span.start_char : span.end_char] == span.quote
    return found


def only(text: str, name: str = "0001-record.md") -> Candidate:
    (found,) = session(text, name).stated
    return found


def parts(candidate: Candidate) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in candidate.parts:
        assert part.about is None
        found.setdefault(part.kind, []).append(part.spans[0].quote)
    return found


EXPECTED = {
    "choice": ["DuckDB"],
    "alternative": ["Postgres"],
    "constraint": ["slow loads"],
    "consequence": ["one writer at a time"],
    "rationale": ["it is one file", "loads under a minute"],
}


@pytest.mark.parametrize("order", list(permutations(TAIL)))
def test_the_last_three_claims_are_read_in_any_order(order: tuple[str, ...]) -> None:
    assert parts(only(f"{OPENING}, {', '.join(order)}.\n", "y.md")) == EXPECTED


@pytest.mark.parametrize("name", ["y.txt", "y.md", "notes"])
def test_a_file_that_is_only_a_y_statement_is_a_record_about_its_use_case(name: str) -> None:
    source = stdin_source(WHOLE.encode(), Declared(stdin_name=name))
    assert reader_for(source) is READER
    assert only(WHOLE, name).subject == "the orders mart"
    assert session(WHOLE, name).notes == (NOTE, "status not stated, taken as accepted")


def test_a_y_statement_in_a_decision_section_keeps_the_record_s_own_status_title_and_consequences() -> None:
    found = only(
        "# 5. Mart\n\n## Status\n\nProposed\n\n## Context\n\nSlow.\n\n"
        f"## Decision\n\n{WHOLE}\n\n## Consequences\n\n* backups are copies\n"
    )
    assert (found.subject, found.status) == ("Mart", "proposed")
    assert parts(found) == {**EXPECTED, "consequence": ["one writer at a time", "backups are copies"]}


def test_several_in_one_list_are_several_decisions() -> None:
    second = (
        "In the context of payments, facing a slow provider, we decided to retry three times instead of endless retries"
    )
    third = "In the context of the notes, facing nothing, we chose Markdown"
    found = session(f"# Decisions\n\n- {WHOLE}\n- {second}.\n- {third}.\n").stated
    assert [candidate.subject for candidate in found] == ["the orders mart", "payments", "the notes"]
    assert parts(found[1]) == {
        "choice": ["retry three times"],
        "alternative": ["endless retries"],
        "constraint": ["a slow provider"],
    }


def test_those_in_a_decision_log_stand_under_their_headings() -> None:
    text = f"# Decision log\n\n## Mart\n\n{WHOLE}\n\n## Payments\n\nWe decided for three tries and against ten.\n"
    found = session(text, "DECISIONLOG.md")
    assert [candidate.subject for candidate in found.stated] == ["Mart", "Payments"]
    assert parts(found.stated[1]) == {"choice": ["three tries"], "alternative": ["ten"]}


def test_the_short_form_in_a_decision_section_is_read() -> None:
    found = only(
        "# T\n\n## Context\n\nx\n\n## Decision\n\nWe decided for DuckDB and against Postgres because it is small.\n"
    )
    assert parts(found) == {"choice": ["DuckDB"], "alternative": ["Postgres"], "rationale": ["it is small"]}


def test_one_under_context_tells_another_decision() -> None:
    found = only(f"# T\n\n## Context\n\n{WHOLE}\n\n## Decision\n\nWe will use Parquet.\n\n## Consequences\n\nx\n")
    assert parts(found)["choice"] == ["We will use Parquet."]


def test_what_a_chosen_option_says_is_not_said_twice() -> None:
    found = only(
        "# T\n\n## Considered Options\n\n* DuckDB\n* Postgres\n\n## Decision Outcome\n\n"
        f'Chosen option: "DuckDB", because it is small.\n\n{WHOLE}\n'
    )
    assert parts(found)["choice"] == ["DuckDB"]
    assert parts(found)["alternative"] == ["Postgres"]
    assert parts(found)["constraint"] == ["slow loads"]


def test_listed_options_and_neglected_ones_are_joined() -> None:
    found = only(f"# T\n\n## Considered Options\n\n* DuckDB\n* Postgres\n* Files\n\n## Decision Outcome\n\n{WHOLE}\n")
    assert parts(found)["alternative"] == ["Postgres", "Files"]


@pytest.mark.parametrize(
    "text",
    [
        "**In the context of** the orders mart,\n**facing** slow loads,\n**we decided for** DuckDB\n"
        "**and neglected** Postgres,\n"
        "**to achieve** loads under a minute,\n**accepting** one writer at a time,\n**because** it is one file.\n",
        "- In the context of the orders mart,\n- facing slow loads,\n- we decided for DuckDB\n"
        "- and neglected Postgres\n"
        "- to achieve loads under a minute\n- accepting one writer at a time\n- because it is one file\n",
        WHOLE.replace(", ", ",\n"),
        WHOLE.replace("accepting", "accepting that").replace("decided for", "have decided to use"),
    ],
    ids=["bold", "items", "lines", "other words"],
)
def test_lead_ins_may_be_bold_items_or_lines(text: str) -> None:
    assert parts(only(text, "y.md")) == EXPECTED


def test_several_neglected_options_are_several_alternatives() -> None:
    found = only("Facing slow loads, we decided for DuckDB and neglected Postgres, `SQLite` and plain files.\n", "y.md")
    assert parts(found)["alternative"] == ["Postgres", "`SQLite`", "plain files"]
    long = "In the context of x, facing y, we chose z over the cost of it and everything that comes along with it.\n"
    assert len(parts(only(long, "y.md"))["alternative"]) == 1


def test_text_after_the_statement_is_no_part_of_it() -> None:
    assert parts(only(f"{WHOLE} Mara wrote this.\n", "y.md")) == EXPECTED


@pytest.mark.parametrize(
    "text",
    [
        "In the context of <use case>, facing <concern>, we decided for <option> and neglected <others>.\n",
        "In the context of {use case}, facing {concern}, we decided for {option} and neglected {others}.\n",
        "In the context of the mart we had long talks, facing slow loads.\n",
        "We decided for lunch.\n",
        "They say we decided for tea and against coffee, in a long letter of many words, and so on, without an end.\n"
        * 3,
        "Mara: hello\nJonas: we decided for DuckDB and against Postgres\n",
    ],
)
def test_what_is_no_y_statement_is_not_accepted(text: str) -> None:
    assert accepts(stdin_source(text.encode(), Declared(stdin_name="y.txt"))) == 0


def test_a_template_with_a_title_is_set_aside() -> None:
    found = session("# {title}\n\nIn the context of <use case>, facing <concern>, we decided for <option>.\n")
    assert found.set_aside == (("template", 1),)


PIECES = [
    "In the context of ",
    "facing ",
    "we decided for ",
    "and neglected ",
    ", to achieve ",
    "accepting ",
    " because ",
]


@given(st.lists(st.sampled_from([*PIECES, "DuckDB", ", ", ". ", "\n", "- ", "**", "# T\n", "<x>", "## Decision\n"])))
def test_any_order_of_lead_ins_is_quoted_exactly(pieces: list[str]) -> None:
    session("Text\n" + "".join(pieces))


@pytest.mark.parametrize(
    "piece", [*PIECES, "In the context of x, we decided for y, ", "- facing x\n", "we ", "**", ", and "]
)
def test_a_long_row_of_lead_ins_is_read_in_linear_time(piece: str) -> None:
    opening = "In the context of x, facing y, we decided for z "
    assert_linear_row(lambda row: session(opening + row, "y.md"), piece)
