"""Decision records state what was decided, or nothing: no sentence about the document, no hint, no inventory."""

from __future__ import annotations

import pytest

from ingest.readers.decision_record import read
from ingest.records import Candidate, Session
from ingest.sources import Declared, stdin_source


def session(text: str, name: str = "0001-record.md") -> Session:
    (found,) = read(stdin_source(text.encode(), Declared(stdin_name=name)))
    assert isinstance(found, Session)
    return found


def stated(text: str, name: str = "0001-record.md") -> Candidate:
    (found,) = session(text, name).stated
    return found


def quotes(found: Candidate, kind: str) -> list[str]:
    return [part.spans[0].quote for part in found.parts if part.kind == kind and part.about is None]


def against(found: Candidate) -> dict[str, list[str]]:
    return {
        part.spans[0].quote: [other.spans[0].quote for other in found.parts if other.about == place]
        for place, part in enumerate(found.parts)
        if part.kind == "alternative"
    }


def nygard(decision: str) -> str:
    return f"# 4. Refunds\n\n## Status\n\nAccepted\n\n## Context\n\nRefunds exist.\n\n## Decision\n\n{decision}\n"


def what_why(what: str, why: str = "Carts vanish.", how: str = "", alternatives: str = "") -> str:
    return (
        "# Shop - Carts\n\n| | |\n|---|---|\n| Date | 2026-02-03 |\n| Scope | Shop |\n| Status | Approved |\n\n"
        f"## What\n\n{what}\n\n## Why\n\n{why}\n\n## How\n\n{how}\n\n## Alternatives\n\n{alternatives}\n"
    )


def logged(body: str) -> Candidate:
    return stated(f"# Decision log\n\nChoices.\n\n## Entry\n\n{body}\n", "DECISIONLOG.md")


@pytest.mark.parametrize(
    ("what", "choice"),
    [
        ("This document outlines the decision to store carts in Redis.", "store carts in Redis."),
        ("This ADR captures our decision to keep carts for a week.", "keep carts for a week."),
        ("This ADR proposes that we keep carts for a week.", "we keep carts for a week."),
        ("Carts can live in memory, in Redis or in a table. The shop holds many.\n\nAs such, the cart was implemented"
         " as a Redis hash. This ADR explains it.", "As such, the cart was implemented as a Redis hash."),
        ("Keep carts out of the browser. They stay on the server.", "Keep carts out of the browser."),
        ("The shop will provide one cart for each customer.", "The shop will provide one cart for each customer."),
    ],
)  # fmt: skip
def test_a_what_section_gives_the_sentence_that_decides(what: str, choice: str) -> None:
    assert quotes(stated(what_why(what)), "choice") == [choice]


@pytest.mark.parametrize(
    "what",
    [
        "This document outlines how carts are kept.",
        "This ADR addresses the issue with carts that need two logins.",
        "This ADR proposes changes to the carts.",
        "This ADR revisits the decision to keep carts for a week.",
        "Carts can be kept in memory, in Redis or in a table.",
        "Pages that open a cart must send a cookie, or they will fail.",
        "Store managers open the cart page every day.",
        "Should we keep carts?",
        "Without a limit, we will lose carts.",
    ],
)
def test_a_record_of_which_no_sentence_decides_states_nothing_and_says_so(what: str) -> None:
    told = session(what_why(what))
    assert told.stated == ()
    assert "no choice stated" in told.notes


def test_where_what_only_describes_how_may_decide() -> None:
    text = what_why("This document sets the rules for carts.", how="In every shop, we will empty carts at night.")
    assert quotes(stated(text), "choice") == ["In every shop, we will empty carts at night."]


@pytest.mark.parametrize(
    ("section", "choice"),
    [
        ("Although we could refund by hand, we will refund by script.",
         "Although we could refund by hand, we will refund by script."),
        ("This record is about refunds. The refund table is long. We have chosen rows.", "We have chosen rows."),
        ("Refunds are rows of their own, because sums must not change. We will see more of them.",
         "Refunds are rows of their own"),
        ("Refunds are rows of their own.", "Refunds are rows of their own."),
        ("We have not decided on colours. We decided to keep refunds.", "We decided to keep refunds."),
        ("We decided that:\n\n- refunds are rows, because sums stay\n- fees are rows",
         "We decided that:\n\n- refunds are rows, because sums stay\n- fees are rows"),
    ],
)  # fmt: skip
def test_a_decision_section_gives_the_sentence_that_decides(section: str, choice: str) -> None:
    assert quotes(stated(nygard(section)), "choice") == [choice]


@pytest.mark.parametrize(
    "section",
    [
        "This ADR proposes changes to refunds. These changes give room.\n\n### Refund\n\n**Refund**: money sent back.",
        "Although we could translate every label, we felt it wasn't needed, or that another way should be used.",
        "The following is a summary of the rules.\n\n* **Labels** stay.",
        "Currently nobody refunds.",
    ],
)
def test_a_decision_section_that_decides_nothing_states_nothing(section: str) -> None:
    told = session(nygard(section))
    assert told.stated == ()
    assert "no choice stated" in told.notes


def test_a_choice_that_only_gives_up_takes_what_replaces_it_and_its_result_is_a_consequence() -> None:
    found = stated(
        nygard(
            "We won't number refunds any more. A refund will be known by its order and day.\n\n"
            "As a result, two clerks cannot clash."
        )
    )
    assert quotes(found, "choice") == ["We won't number refunds any more. A refund will be known by its order and day."]
    assert quotes(found, "consequence") == ["As a result, two clerks cannot clash."]
    assert quotes(found, "rationale") == []


@pytest.mark.parametrize(
    "why",
    [
        "This was felt to be the most pragmatic way as rows were lost before.",
        "This is much simpler than editing sums.",
        "We felt that this was the best fit, as the bank does the same.",
    ],
)
def test_a_sentence_that_praises_the_choice_is_its_rationale(why: str) -> None:
    assert quotes(stated(nygard(f"We will write refunds as rows. {why}")), "rationale") == [why]


@pytest.mark.parametrize(
    "other", ["This is not simpler than sums.", "Fees are rows so that nobody edits them.", "It is slower."]
)
def test_a_sentence_on_something_else_is_no_rationale(other: str) -> None:
    assert quotes(stated(nygard(f"We will write refunds as rows. {other}")), "rationale") == []


def test_what_stands_before_therefore_is_the_rationale() -> None:
    found = stated(nygard("Currently nobody deletes refunds. Therefore, we should forbid it."))
    assert quotes(found, "choice") == ["Therefore, we should forbid it."]
    assert quotes(found, "rationale") == ["Currently nobody deletes refunds."]


def test_a_template_title_that_was_left_is_no_subject() -> None:
    text = what_why("Keep carts for a week.").replace(
        "# Shop - Carts", "# Shop - Architecture Decision Record template"
    )
    assert stated(text, "SHOP-ADR-0012-cart-life.md").subject == "cart life"
    real = text.replace(
        "# Shop - Architecture Decision Record template", "# Use an architecture decision record template"
    )
    assert stated(real).subject == "Use an architecture decision record template"


@pytest.mark.parametrize(
    "words",
    [
        "N/A - to be written if any come up.",
        "* N/A (to be documented)",
        "Since the till owns the cart, there are currently no alternatives to this.",
        "The till team designed the solution below for consideration. It would be slow.",
        "TBD",
    ],
)
def test_words_that_name_no_option_are_no_alternative(words: str) -> None:
    assert against(stated(what_why("Keep carts for a week.", alternatives=words))) == {}


def test_an_alternative_in_prose_keeps_its_reason_apart() -> None:
    found = stated(what_why("Keep carts.", alternatives="An alternative would be a cookie, but it is too small."))
    assert against(found) == {"An alternative would be a cookie": ["it is too small."]}


def test_headings_below_announced_limitations_are_reasons_against_the_one_option() -> None:
    alternatives = (
        "We considered one cart for each browser, but the following limitations decided against it:\n\n"
        "### 1. Phones share no cookies\n\nSo it is.\n\n### 2. Tills have no browser\n\nNone."
    )
    found = stated(what_why("Keep carts on the server.", alternatives=alternatives))
    assert against(found) == {
        "We considered one cart for each browser": ["Phones share no cookies", "Tills have no browser"]
    }


def test_an_inventory_under_why_is_no_rationale() -> None:
    why = (
        "The till keeps carts apart. It writes the following tables:\n\n- carts\n- cart lines\n\n"
        "This ADR covers carts alone.\n\nWhy it pays, for the following reasons:\n\n- cheap\n- quick"
    )
    assert quotes(stated(what_why("Keep carts.", why=why)), "rationale") == [
        "The till keeps carts apart.",
        "Why it pays, for the following reasons:\n\n- cheap\n- quick",
    ]


@pytest.mark.parametrize(
    "hint",
    [
        "If you choose to enable it there, we have set it up to use `append`.",
        "For customers interested in daily sums, we recommend a view.",
        "If you need the rows, read `shop.refunds`.",
        "If you would rather leave it out of a chart, filter on `is_open`.",
        "We considered the effect on reports, but found none.",
    ],
)
def test_advice_on_use_in_a_log_is_no_alternative_and_no_choice(hint: str) -> None:
    assert against(logged(f"{hint} We have kept refunds.")) == {}
    assert quotes(logged(f"{hint} We have kept refunds."), "choice") == ["We have kept refunds."]


def test_a_log_gives_as_alternative_what_it_says_was_turned_down_or_is_not_the_default() -> None:
    found = logged(
        "We have kept refunds. We considered dropping them, but sums would be wrong. "
        "If you prefer net sums, set `net: true`, which is not the default."
    )
    assert against(found) == {
        "We considered dropping them": ["sums would be wrong."],
        "If you prefer net sums, set `net: true`, which is not the default.": [],
    }


def test_in_a_log_what_was_done_wins_over_how_it_is_by_default() -> None:
    found = logged(
        "By default, sums are kept for each line. Full loads are advised in order to avoid drift.\n\n"
        "We have therefore added the option to sum by day."
    )
    assert quotes(found, "choice") == ["We have therefore added the option to sum by day."]
    assert quotes(found, "rationale") == []


def test_in_a_log_why_another_store_has_it_off_is_no_rationale() -> None:
    found = logged(
        "We have chosen `append` for Postgres.\n\nFor DuckDB, we have turned it off since loads are short.\n\n"
        "These were chosen since rows never change."
    )
    assert quotes(found, "rationale") == ["These were chosen since rows never change."]


def test_so_in_a_log_parts_reason_and_choice() -> None:
    found = logged("However, clerks read refunds, so we have kept them.")
    assert quotes(found, "choice") == ["we have kept them."]
    assert quotes(found, "rationale") == ["clerks read refunds"]


def test_a_log_entry_without_a_choice_is_named_in_a_note() -> None:
    told = session(
        "# Decision log\n\nChoices.\n\n## Refunds\n\nThis page describes refunds.\n\n## Fees\n\nFees are rows.\n",
        "DECISIONLOG.md",
    )
    assert [candidate.subject for candidate in told.stated] == ["Fees"]
    assert told.notes == ("no choice stated under 'Refunds'",)


@pytest.mark.parametrize(
    "turn",
    [
        "Instead, we join orders to the price list that held then.",
        "Therefore we join orders to the price list that held then.",
        "To avoid a rewrite of history, we join orders to the price list that held then.",
    ],
)
def test_a_log_that_sets_the_scene_first_decides_where_it_turns_from_it(turn: str) -> None:
    scene = "When a price changes, the shop keeps the current one alone. A join on it would change past invoices."
    assert quotes(logged(f"{scene}\n\n{turn} The price stays on the line.\n"), "choice") == [turn]


def test_what_might_be_done_instead_decides_nothing() -> None:
    scene = "The shop keeps the current price alone."
    assert quotes(logged(f"{scene}\n\nInstead, we could join orders to a price list.\n"), "choice") == [scene]


@pytest.mark.parametrize("effect", ["As a result, we lost two days.", "Because of this, we were offline for hours."])
def test_what_came_of_the_scene_is_not_what_is_decided(effect: str) -> None:
    found = logged(f"The cache runs in memory. It was slow for a week. {effect}\n")
    assert quotes(found, "choice") == ["The cache runs in memory."]
