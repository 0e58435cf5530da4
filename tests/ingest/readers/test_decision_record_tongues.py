"""Records in other languages, and statuses, days and tickets in the places where records keep them."""

from __future__ import annotations

import pytest

from ingest.pipeline import read
from ingest.readers.decision_record import READER
from ingest.records import Candidate, Reference, Session
from ingest.registry import reader_for
from ingest.sources import Declared, stdin_source


def session(text: str) -> Session:
    source = stdin_source(text.encode(), Declared(stdin_name="0007-record.md"))
    assert reader_for(source) is READER
    (found,) = read(source, READER).sessions
    return found


def only(text: str) -> Candidate:
    (found,) = session(text).stated
    return found


def parts(candidate: Candidate, kind: str) -> list[str]:
    return [part.spans[0].quote for part in candidate.parts if part.kind == kind and part.about is None]


def test_german_prose_under_madr_headings_gives_the_structured_decision() -> None:
    found = only(
        "---\nstatus: accepted\ndate: 2026-03-24\n---\n# Datenhaltung für den Mart\n\n"
        "## Context and Problem Statement\n\nJede Nacht dauert das Laden zu lange.\n\n"
        "## Considered Options\n\n* DuckDB\n* Postgres auf dem alten Server\n\n"
        '## Decision Outcome\n\nChosen option: "DuckDB", weil eine Datei genügt.\n\n'
        "### Consequences\n\n* Schlecht, weil nur einer schreibt\n\n"
        "## Pros and Cons of the Options\n\n### Postgres auf dem alten Server\n\n"
        "* Gut, weil viele schreiben\n* Schlecht, weil er gewartet werden muss\n"
    )
    assert found.subject == "Datenhaltung für den Mart"
    assert parts(found, "choice") == ["DuckDB"]
    assert parts(found, "rationale") == ["eine Datei genügt."]
    assert parts(found, "alternative") == ["Postgres auf dem alten Server"]
    assert [part.spans[0].quote for part in found.parts if part.about is not None] == ["er gewartet werden muss"]


def test_prose_of_any_language_under_english_headings_is_the_choice() -> None:
    found = only("# 3. データ\n\n## Status\n\nAccepted\n\n## Context\n\n遅い。\n\n## Decision\n\nDuckDBを使う。\n")
    assert parts(found, "choice") == ["DuckDBを使う。"]


GERMAN = (
    "# 7. Wiederholen\n\nDatum: 24.03.2026\n\n## Status\n\nAkzeptiert\n\nErsetzt [3. Alt](0003-alt.md)\n\n"
    "## Kontext\n\nX.\n\n## Entscheidung\n\nBisher war es endlos. "
    "Wir werden dreimal wiederholen, weil er sonst sperrt.\n\n"
    "## Konsequenzen\n\n* Zahlungen kommen später\n"
)


def test_a_german_record_gives_status_day_choice_reason_consequence_and_link() -> None:
    found = only(GERMAN)
    assert found.status == "accepted"
    assert found.decided_at is not None
    assert found.decided_at.date().isoformat() == "2026-03-24"
    assert parts(found, "choice") == ["Wir werden dreimal wiederholen"]
    assert parts(found, "rationale") == ["er sonst sperrt."]
    assert parts(found, "consequence") == ["Zahlungen kommen später"]
    assert found.references == (Reference("supersedes", "decision", "0003-alt.md", "explicit"),)


@pytest.mark.parametrize(
    ("headings", "status", "prose", "choice", "reason"),
    [
        (
            "Statut Contexte Décision",
            "Accepté",
            "Nous avons décidé d'utiliser X, parce qu'il suffit.",
            "Nous avons décidé d'utiliser X",
            "il suffit.",
        ),
        (
            "Estado Contexto Decisión",
            "Aceptada",
            "Hemos decidido usar X, ya que basta.",
            "Hemos decidido usar X",
            "basta.",
        ),
        ("Status Contexto Decisão", "Aceito", "Decidimos usar X, pois basta.", "Decidimos usar X", "basta."),
        ("Status Context Besluit", "Geaccepteerd", "We kiezen X, omdat het volstaat.", "We kiezen X", "het volstaat."),
    ],
    ids=["French", "Spanish", "Portuguese", "Dutch"],
)
def test_headings_statuses_and_reasons_are_read_in(
    headings: str, status: str, prose: str, choice: str, reason: str
) -> None:
    first, second, third = headings.split()
    found = only(f"# 2. T\n\n## {first}\n\n{status}\n\n## {second}\n\nx\n\n## {third}\n\n{prose}\n")
    assert found.status == "accepted"
    assert parts(found, "choice") == [choice]
    assert parts(found, "rationale") == [reason]


@pytest.mark.parametrize(
    ("headings", "chosen"),
    [
        (
            ("Kontext und Problemstellung", "Betrachtete Optionen", "Entscheidungsergebnis"),
            "Gewählte Option: „DuckDB“, weil es genügt.",
        ),
        (
            ("Contexte et énoncé du problème", "Options envisagées", "Résultat de la décision"),
            "Option retenue : « DuckDB », car il suffit.",
        ),
        (("Contexto", "Opciones consideradas", "Resultado de la decisión"), 'Opción elegida: "DuckDB", porque basta.'),
        (("Contexto", "Opções consideradas", "Resultado da decisão"), 'Opção escolhida: "DuckDB", porque basta.'),
        (("Probleemstelling", "Overwogen opties", "Besluit"), 'Gekozen optie: "DuckDB", omdat het volstaat.'),
    ],
)
def test_the_translated_madr_gives_choice_and_alternative(headings: tuple[str, str, str], chosen: str) -> None:
    context, options, outcome = headings
    found = only(f"# T\n\n## {context}\n\nx\n\n## {options}\n\n* DuckDB\n* Postgres\n\n## {outcome}\n\n{chosen}\n")
    assert parts(found, "choice") == ["DuckDB"]
    assert parts(found, "alternative") == ["Postgres"]
    assert len(parts(found, "rationale")) == 1


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Abgelehnt", "declined"),
        ("Noch nicht angenommen", "proposed"),
        ("Ersetzt durch [9. Neu](0009-neu.md)", "superseded"),
        ("Remplacée par [9. Neuf](0009-neuf.md)", "superseded"),
        ("Rechazado", "declined"),
        ("Rascunho", "proposed"),
        ("Vervangen door [9. Nieuw](0009-nieuw.md)", "superseded"),
    ],
)
def test_status_words_of_other_languages_map_to_ours(words: str, status: str) -> None:
    assert only(f"# T\n\n## Status\n\n{words}\n\n## Context\n\nx\n\n## Decision\n\nWe will.\n").status == status


RECORD = "\n\n## Context\n\nx\n\n## Decision\n\nWe will use DuckDB.\n\n## Consequences\n\ny\n"


@pytest.mark.parametrize(
    ("picture", "status"),
    [
        ("![Status: accepted](a.svg)", "accepted"),
        ("![](https://img.shields.io/badge/status-proposed-yellow.svg?style=flat)", "proposed"),
        ("![Status](https://img.shields.io/badge/adr--status-rejected-red)", "accepted"),
        ("![Status](https://img.shields.io/badge/status-rejected-red)", "declined"),
        ("![Build status: passing](b.svg)", "accepted"),
        ("![A diagram](https://example.org/draft.png)", "accepted"),
    ],
)
def test_a_badge_under_the_title_gives_the_status(picture: str, status: str) -> None:
    assert only(f"# T\n\n{picture}{RECORD}").status == status


def test_a_badge_that_links_to_the_record_that_replaced_it_says_so() -> None:
    badge = "[![Status](https://img.shields.io/badge/status-superseded_by_ADR_0009-orange.svg)](0009-new.md)"
    found = only(f"# T\n\n{badge}{RECORD}")
    assert found.status == "superseded"
    assert found.references == (Reference("supersedes", "superseded_by", "0009-new.md", "explicit"),)


def test_a_record_without_a_date_was_decided_on_the_day_it_was_accepted() -> None:
    history = "## Status\n\n- 2024-01-02 proposed\n- 2024-02-03 accepted\n- 2025-03-04 deprecated"
    found = only(f"# T\n\n{history}{RECORD}")
    assert found.decided_at is not None
    assert found.decided_at.date().isoformat() == "2024-02-03"
    assert found.status == "superseded"


@pytest.mark.parametrize(
    ("line", "targets"),
    [
        (
            "Technical Story: [LUM-12](https://jira.example.org/browse/LUM-12)",
            ["https://jira.example.org/browse/LUM-12"],
        ),
        ("Technical Story: <https://github.com/o/r/issues/2>", ["https://github.com/o/r/issues/2"]),
        ("Technical Story: LUM-12, #7.", ["LUM-12", "#7"]),
        ("**Tickets:** LUM-12", ["LUM-12"]),
        ("Technical Story: [description | ticket/issue URL] <!-- optional -->", []),
        ("Technical Story: the outage of March", []),
    ],
)
def test_the_ticket_behind_a_record_is_a_mention(line: str, targets: list[str]) -> None:
    found = only(f"# T\n\n{line}{RECORD}")
    assert [item.target for item in found.references] == targets
    assert {(item.relation, item.target_kind) for item in found.references} <= {("mentions", "issue")}


def test_the_example_link_in_a_template_s_choice_of_statuses_is_no_reference() -> None:
    line = "* Status: [proposed | rejected | accepted | deprecated | … | superseded by [ADR-0005](0005-example.md)]"
    assert only(f"# T\n\n{line}{RECORD}").references == ()
