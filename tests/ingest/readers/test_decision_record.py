"""Decision records: every dialect's sections, choice, reasons, alternatives, status and links."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError, WrongEncoding
from ingest.readers.decision_record import READER, accepts, count, read
from ingest.records import Candidate, Part, Reference, Session
from ingest.sources import Declared, file_source, stdin_source

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "data" / "samples" / "decision_record"
SHARED = ROOT.parent / "shared" / "samples" / "adr"

MADR = """---
status: accepted
date: 2026-01-19
decision-makers: [Mara Lindqvist, Priya Nair]
consulted: Jonas Weber
---
# Keep the mart in one file

## Decision Drivers

* no server

## Considered Options

* DuckDB
* Postgres, as today
* Files

## Decision Outcome

Chosen option: "DuckDB", because it is one file.

### Consequences

* Good, because a backup is a copy
* Bad, because there is one writer

## Pros and Cons of the Options

### Postgres, as today

* Good, because many can write
* Bad, because it needs a server

### Files

* Bad, because revenue is defined twice
"""


def session(text: str, name: str = "0001-record.md") -> Session:
    source = stdin_source(text.encode(), Declared(stdin_name=name))
    found = list(read(source))
    assert len(found) == 1
    assert isinstance(found[0], Session)
    assert found[0].kept + sum(units for _, units in found[0].set_aside) == count(source)
    return found[0]


def decision(text: str, name: str = "0001-record.md") -> Candidate:
    stated = session(text, name).stated
    assert len(stated) == 1
    return stated[0]


def rank(text: str, name: str = "a.md") -> int:
    return accepts(stdin_source(text.encode(), Declared(stdin_name=name)))


def quotes(found: Candidate, kind: str) -> list[str]:
    return [part.spans[0].quote for part in found.parts if part.kind == kind and part.about is None]


def against(found: Candidate) -> dict[str, list[str]]:
    """Each alternative with the reasons given against it."""
    alternatives = {place: part for place, part in enumerate(found.parts) if part.kind == "alternative"}
    return {
        part.spans[0].quote: [other.spans[0].quote for other in found.parts if other.about == place]
        for place, part in alternatives.items()
    }


def nygard(decided: str, status: str = "Accepted") -> str:
    return (
        f"# 7. Title\n\nDate: 2026-02-16\n\n## Status\n\n{status}\n\n## Context\n\nIt was so.\n\n"
        f"## Decision\n\n{decided}\n"
    )


def test_a_madr_record_gives_its_choice_reasons_and_alternatives_exactly() -> None:
    found = decision(MADR)
    assert quotes(found, "choice") == ["DuckDB"]
    assert quotes(found, "rationale") == ["it is one file."]
    assert quotes(found, "constraint") == ["no server"]
    assert quotes(found, "consequence") == ["Good, because a backup is a copy", "Bad, because there is one writer"]
    assert against(found) == {"Postgres, as today": ["it needs a server"], "Files": ["revenue is defined twice"]}


def test_front_matter_gives_status_date_and_who_decided_but_not_who_was_consulted() -> None:
    found = decision(MADR)
    assert found.status == "accepted"
    assert found.decided_at is not None
    assert found.decided_at.date().isoformat() == "2026-01-19"
    assert [(person.name, person.role) for person in found.people] == [
        ("Mara Lindqvist", "decided"),
        ("Priya Nair", "decided"),
    ]


def test_every_section_is_one_utterance_with_its_heading_as_topic() -> None:
    told = session(MADR)
    assert [u.topic for u in told.utterances][:3] == [None, "Keep the mart in one file", "Decision Drivers"]
    assert {u.role for u in told.utterances} == {"document"}
    assert told.utterances[2].locator == "lines 9-11"
    assert "".join(MADR.split()) == "".join("".join(u.text for u in told.utterances).split())


def test_a_choice_in_quotes_may_hold_quotes_itself() -> None:
    text = (
        '# T\n\n## Considered Options\n\n* Say "Good, because" twice\n* Say "Positive, because" twice\n\n'
        '## Decision Outcome\n\nChosen option: "Say "Good, because" twice", because it is short.\n'
    )
    found = decision(text)
    assert quotes(found, "choice") == ['Say "Good, because" twice']
    assert list(against(found)) == ['Say "Positive, because" twice']


@pytest.mark.parametrize(
    ("line", "choice", "reason"),
    [
        ("Chosen option: DuckDB, because it is small.", "DuckDB", "it is small."),
        ("Chosen option: **DuckDB**, because it is small.", "DuckDB", "it is small."),
        (
            'Chosen option: "[DuckDB](https://duckdb.org)", because\n\n- it is small',
            "[DuckDB](https://duckdb.org)",
            "it is small",
        ),
        ("**Chosen option:** 'DuckDB'. It was easy.", "DuckDB", None),
    ],
)
def test_the_chosen_option_is_read_in_every_spelling(line: str, choice: str, reason: str | None) -> None:
    found = decision(f"# T\n\n## Decision Outcome\n\n{line}\n")
    assert quotes(found, "choice") == [choice]
    assert quotes(found, "rationale") == ([reason] if reason else [])


def test_options_stay_out_when_the_chosen_one_is_not_among_them() -> None:
    text = "# T\n\n## Considered Options\n\n* Red\n* Blue\n\n## Decision Outcome\n\nWe will paint the wall tomorrow.\n"
    told = session(text)
    assert against(told.stated[0]) == {}
    assert "which of the considered options was chosen is not clear" in told.notes


def test_an_option_named_in_other_words_is_matched_only_when_one_fits() -> None:
    text = (
        "# T\n\n## Considered Options\n\n* MADR 4.0, the Markdown one\n* Y-statements\n\n"
        '## Decision Outcome\n\nChosen option: "MADR 4.0", because short.\n'
    )
    assert list(against(decision(text))) == ["Y-statements"]


def test_a_nygard_decision_is_its_first_sentence_without_the_reason() -> None:
    found = decision(
        nygard("We will use one file, because it is simple. It is replaced in one move so that readers never wait.")
    )
    assert quotes(found, "choice") == ["We will use one file"]
    assert quotes(found, "rationale") == ["it is simple.", "It is replaced in one move so that readers never wait."]


def test_context_is_never_rationale() -> None:
    found = decision(nygard("We will use one file.").replace("It was so.", "It was so because nobody cared."))
    assert quotes(found, "rationale") == []


def test_a_decision_that_announces_a_list_is_quoted_with_it() -> None:
    found = decision(nygard("We decided that:\n\n- orders keep their cents\n- refunds are rows"))
    assert quotes(found, "choice") == ["We decided that:\n\n- orders keep their cents\n- refunds are rows"]


def test_a_sentence_that_sets_the_scene_is_not_the_choice() -> None:
    found = decision(nygard("Currently nobody deletes orders. Therefore we should restrict every key."))
    assert quotes(found, "choice") == ["Therefore we should restrict every key."]


def test_options_under_headings_with_pros_and_cons_lists_are_read() -> None:
    text = (
        "# T\n\n## Context\n\n### Option 1: No store\n\n#### Pros\n+ simple\n\n#### Cons\n- slow\n\n"
        "### Option 2: Use a local store\n\n#### Pros\n+ quick\n\n## Decision\n\nWe will use a local store.\n\n"
        "## Status\n\nAccepted\n"
    )
    found = decision(text)
    assert against(found) == {"Option 1: No store": ["slow"]}
    assert quotes(found, "rationale") == ["quick"]


def test_options_marked_in_their_headings_need_no_matching() -> None:
    text = (
        "# T\n\n## Decision\n\nStart small.\n\n## Considered Alternatives\n\n"
        "### Approach A: One remote — *selected*\n\nText.\n\n"
        "### Approach B: Many — *rejected*\n\nText.\n\n**Rejected because**:\n- it breaks configs\n\n"
        "## Consequences\n\nFew.\n"
    )
    assert against(decision(text)) == {"Approach B: Many": ["it breaks configs"]}


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Accepted", "accepted"),
        ("**Approved** on 2026-02-01", "accepted"),
        ("Proposed", "proposed"),
        ("draft", "proposed"),
        ("Rejected", "declined"),
        ("Deprecated", "superseded"),
        ("Accepted\n\nSuperceded by [9. Other](0009-other.md)", "superseded"),
        ("Proposed 2026-01-01\n\nAccepted 2026-02-01", "accepted"),
        ("![accepted](https://img.shields.io/badge/status-accepted-green.svg)", "accepted"),
        ("Supersedes [1. Old](0001-old.md)\n\nAccepted", "accepted"),
    ],
)
def test_status_words_map_to_ours(words: str, status: str) -> None:
    assert decision(nygard("We will use one file.", words)).status == status


def test_a_missing_status_is_accepted_and_an_unreadable_one_proposed_both_with_a_note() -> None:
    missing = session("# T\n\n## Context\n\nC.\n\n## Decision\n\nWe will.\n\n## Consequences\n\nNone known.\n")
    assert missing.stated[0].status == "accepted"
    assert missing.notes == ("status not stated, taken as accepted",)
    odd = session(nygard("We will.", "Parked"))
    assert odd.stated[0].status == "proposed"
    assert odd.notes == ("status 'Parked' read as proposed",)


@pytest.mark.parametrize(
    ("line", "relation", "kind", "target"),
    [
        ("Superseded by [9. Use X](0009-use-x.md)", "supersedes", "superseded_by", "0009-use-x.md"),
        ("superseded by ADR-0123", "supersedes", "superseded_by", "ADR-0123"),
        ("Superseded by 12", "supersedes", "superseded_by", "12"),
        ("Supersedes [3. Old](../adr/0003-old.md#top)", "supersedes", "decision", "0003-old.md"),
        ("Amends [4. Base](0004-base.md)", "refines", "decision", "0004-base.md"),
        ("Amended by [5. Later](0005-later.md)", "refines", "refined_by", "0005-later.md"),
    ],
)
def test_links_between_records_keep_their_direction(line: str, relation: str, kind: str, target: str) -> None:
    found = decision(nygard("We will use one file.", f"Accepted\n\n{line}"))
    assert [(r.relation, r.target_kind, r.target, r.method) for r in found.references] == [
        (relation, kind, target, "explicit")
    ]


def test_a_link_to_another_record_is_a_mention_and_a_link_elsewhere_is_nothing() -> None:
    found = decision(nygard("We will follow [ADR 3](0003-first.md) and the [docs](https://example.org/guide.md)."))
    assert found.references == (Reference("mentions", "decision", "0003-first.md", "explicit"),)


def test_log4brains_bullets_after_an_introduction_are_metadata() -> None:
    text = (
        "# ADR with intro\n\nA paragraph first.\n\n* Status: superseded by [later](20260102-later.md)\n"
        "* Deciders: Aiko Tan, Tomás Rey\n"
        "* Date: 2026-01-02\n\n## Context and Problem Statement\n\nC.\n\n## Decision Outcome\n\nWe will.\n"
    )
    found = decision(text)
    assert found.status == "superseded"
    assert [person.name for person in found.people] == ["Aiko Tan", "Tomás Rey"]
    assert found.references[0].target == "20260102-later.md"


def test_a_table_header_is_metadata_and_what_and_why_are_choice_and_rationale() -> None:
    text = (
        "# Labels\n\n| | |\n|---|---|\n| Date | 11-April-2023\n| Status | Approved |\n"
        "| Authors | [Priya Nair](@priya) |\n"
        "| Supersedes | N/A |\n\n## What\n\nUse one set of labels for all repositories.\n\n## Why\n\n"
        "* Queries must work everywhere.\n\n"
        "## Alternatives\n\n* Every team its own: queries would need every spelling.\n* N/A\n"
    )
    found = decision(text)
    assert found.decided_at is not None
    assert found.decided_at.date().isoformat() == "2023-04-11"
    assert [(person.name, person.role) for person in found.people] == [("Priya Nair", "proposed")]
    assert quotes(found, "choice") == ["Use one set of labels for all repositories."]
    assert quotes(found, "rationale") == ["Queries must work everywhere."]
    assert list(against(found)) == ["Every team its own"]
    assert against(found)["Every team its own"] == ["queries would need every spelling."]


def test_a_template_is_set_aside_whole() -> None:
    text = (
        '---\nstatus: "{proposed | accepted"\ndate: {YYYY-MM-DD}\n---\n# {short title}\n\n'
        "## Context and Problem Statement\n\n"
        "{Describe it.}\n\n<!-- optional -->\n## Considered Options\n\n* {option 1}\n* … <!-- more -->\n\n"
        "## Decision Outcome\n\n"
        'Chosen option: "{option 1}", because {reason. e.g. {force}}.\n'
    )
    told = session(text)
    assert (told.kept, told.utterances, told.set_aside) == (0, (), (("template", 5),))


def test_square_bracket_placeholders_are_a_template_too_but_reference_links_are_words() -> None:
    bracketed = (
        "# [title]\n\n- Status: [draft | accepted]\n\n## Context and Problem Statement\n\n[Describe]\n\n"
        "## Decision Outcome\n\n[x]\n"
    )
    assert session(bracketed).set_aside == (("template", 3),)
    linked = (
        "# [Publishing API]\n\n## Context\n\n## Decision\n\n[Publishing API]\n\n[Publishing API]: https://example.org\n"
    )
    assert session(linked).set_aside == ()


def test_a_half_filled_template_states_no_placeholder() -> None:
    told = session(
        '# Real title\n\nReal words.\n\n## Decision Outcome\n\nChosen option: "{option 1}", because {reason}.\n'
    )
    assert told.stated == ()
    assert told.kept == 2
    assert told.notes == ("no choice stated",)


def test_headings_in_fenced_code_head_nothing() -> None:
    told = session("# T\n\n## Decision\n\nWe will.\n\n```markdown\n# Other\n## Status\nRejected\n```\n")
    assert [u.topic for u in told.utterances] == ["T", "Decision"]
    assert told.stated[0].status == "accepted"


def test_underlined_headings_are_headings() -> None:
    told = session(
        "Use one file\n============\n\nContext\n-------\n\nC.\n\nDecision\n--------\n\nWe will use one file.\n"
    )
    assert [u.topic for u in told.utterances] == ["Use one file", "Context", "Decision"]
    assert quotes(told.stated[0], "choice") == ["We will use one file."]


def test_a_record_without_title_takes_its_subject_from_its_file_name() -> None:
    found = decision(
        "## Context and Problem Statement\n\nC.\n\n## Decision Outcome\n\nWe will.\n", "20260301-use-one-file.md"
    )
    assert found.subject == "use one file"


def test_a_decision_log_gives_a_decision_for_each_heading_but_its_title() -> None:
    text = (
        "# Decision log\n\nIntroduction, because we must.\n\n## Test orders\n\n"
        "There are some. We decided to drop them because they lie.\n"
        "If you want them, read the source.\n\n### Detail\n\nMore.\n\n## Cents\n\nAmounts are cents.\n"
    )
    told = session(text, "DECISIONLOG.md")
    assert [candidate.subject for candidate in told.stated] == ["Test orders", "Cents"]
    first = told.stated[0]
    assert quotes(first, "choice") == ["We decided to drop them"]
    assert quotes(first, "rationale") == ["they lie."]
    assert quotes(first, "alternative") == []
    assert {candidate.status for candidate in told.stated} == {"accepted"}


def test_a_log_whose_decisions_are_top_level_headings_is_read_as_well() -> None:
    told = session("# First thing\n\nWe chose it.\n\n# Second thing\n\nWe chose that.\n", "DECISIONLOG.md")
    assert [candidate.subject for candidate in told.stated] == ["First thing", "Second thing"]


def test_records_of_one_name_in_two_projects_are_two_sessions(tmp_path: Path) -> None:
    ids = []
    for project in ("shop", "payments"):
        folder = tmp_path / project / "docs" / "adr"
        folder.mkdir(parents=True)
        (folder / "0001-record.md").write_text(MADR, encoding="utf-8")
        told = next(read(file_source(folder / "0001-record.md", Declared())))
        assert isinstance(told, Session)
        ids.append((told.native_id, told.project))
    assert ids == [("shop/0001-record", "shop"), ("payments/0001-record", "payments")]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (MADR, 90, 100),
        (nygard("We will."), 90, 100),
        ("# Decision log\n\n## A\n\nB.\n", 77, 91),
        ("# Notes\n\n## Decision\n\nX.\n\n## Alternatives\n\nY.\n", 55, 76),
        ("# Readme\n\n## Install\n\n## Status\n\nBeta.\n", 0, 0),
        ("Mara: hello\nTomás: hello\n", 0, 0),
        ('{"decision": "x"}', 0, 0),
        ("# Decision\x00## Context", 0, 0),
        ("```\n# A\n## Decision Outcome\n```\n", 0, 0),
    ],
)
def test_only_what_has_a_records_headings_is_accepted(text: str, low: int, high: int) -> None:
    assert low <= rank(text) <= high


def test_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    source = stdin_source(b"\xef\xbb\xbf" + MADR.replace("\n", "\r\n").encode(), Declared(stdin_name="0001-record.md"))
    assert list(read(source)) == [session(MADR)]


def test_a_file_in_another_encoding_is_an_error_that_names_the_byte() -> None:
    source = stdin_source("# Tomás\n\n## Decision\n".encode("latin-1"), Declared(stdin_name="a.md"))
    with pytest.raises(WrongEncoding) as error:
        list(read(source))
    assert error.value.byte_offset == 5


PIECES = st.sampled_from(
    [
        *(
            "# A",
            "## Decision",
            "## Considered Options",
            "## Status",
            "### B",
            "#",
            "---",
            "===",
            "```",
            "~~~",
            "- a",
            "  - b",
        ),
        *(
            "1. c",
            "Text. And because so, we will.",
            'Chosen option: "a", because b',
            "**Cons**:",
            "* Bad, because x",
            "<!--",
            "-->",
        ),
        *(
            "| Status | x |",
            "{x}",
            "[y]",
            "[z](0001-z.md)",
            "superseded by",
            "",
            "",
            "\x0c",
            "e\u0301",
            "\u00ad",
            "\x85",
            "    # y",
        ),
    ]
)


@given(
    st.lists(PIECES, max_size=25),
    st.sampled_from(["\n", "\n\n", "\r\n", " "]),
    st.sampled_from(["a.md", "DECISIONLOG.md"]),
)
def test_any_text_is_counted_and_quoted_exactly(pieces: list[str], between: str, name: str) -> None:
    source = stdin_source((between.join(pieces) or "x").encode(), Declared(stdin_name=name))
    try:
        found = list(read(source))
    except SourceError:
        return
    told = [item for item in found if isinstance(item, Session)]
    assert sum(item.kept + sum(units for _, units in item.set_aside) for item in told) == count(source)
    for item in told:
        assert [utterance.index for utterance in item.utterances] == list(range(len(item.utterances)))
        for candidate in item.stated:
            assert [part.kind for part in candidate.parts].count("choice") == 1
            _assert_exact(item, candidate.parts)


def _assert_exact(told: Session, parts: tuple[Part, ...]) -> None:
    for part in parts:
        assert part.about is None or parts[part.about].kind == "alternative"
        for span in part.spans:
            assert told.utterances[span.utterance_index].text[span.start_char : span.end_char] == span.quote
            assert span.quote.strip()


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.md")), ids=lambda path: path.stem)
def test_our_samples_state_decisions(path: Path) -> None:
    source = file_source(path, Declared())
    assert accepts(source) >= 77
    told = next(read(source))
    assert isinstance(told, Session)
    assert told.kept == count(source)
    assert told.stated


def test_records_met_in_the_wild_parse() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not here: the collected samples are not part of the repository")
    stated = {}
    for path in sorted(SHARED.glob("*.md")):
        source = file_source(path, Declared())
        if READER.accepts(source):
            told = next(read(source))
            assert isinstance(told, Session)
            assert told.kept + sum(units for _, units in told.set_aside) == count(source)
            stated[path.stem] = len(told.stated)
            for candidate in told.stated:
                _assert_exact(told, candidate.parts)
    assert stated["DECISIONLOG-netsuite"] == 5
    assert {name for name, decisions in stated.items() if not decisions} == {
        "madr-4-template",
        "madr-4-template-bare-minimal",
    }
