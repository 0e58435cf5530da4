"""What is said in other languages is stored, found by its own words, and not mined for decisions."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from ingest.registry import reader_for
from ingest.sources import Declared, file_source
from intent_server import questions, record, record_upkeep
from intent_server.answers import Decision, SessionAnswer
from intent_server.cli.main import run
from intent_server.config import Settings
from intent_server.embed import bundled
from intent_server.errors import ExitCode
from intent_server.questions import Asker
from intent_server.search import says_something, terms
from intent_server.search_terms import asked_words, is_piece, query_terms
from intent_server.store.connect import open_reader, open_writer

TALKS = {
    "de": [
        "Wir nehmen die Ereignistabelle, weil niemand von uns nachts einen Broker betreiben will.",
        "Die Berichte über Rückgaben kommen erst nach dem Nachtlauf.",
    ],
    "fr": [
        "On garde la base embarquée parce que personne ici ne veut administrer un serveur.",
        "Les rapports des magasins fermés arrivent le lundi matin.",
    ],
    "es": [
        "Usamos la tabla de eventos porque nadie quiere mantener un servidor de mensajería.",
        "Los informes de devoluciones llegan después de la carga nocturna.",
    ],
    "pt": [
        "Ficamos com a tabela de eventos porque ninguém quer operar um servidor de mensagens.",
        "Os relatórios das devoluções chegam depois da carga da noite.",
    ],
    "nl": [
        "We kiezen voor de gebeurtenistabel omdat niemand een berichtenserver wil beheren.",
        "De rapporten over retouren komen pas na de nachtelijke lading.",
    ],
    "sv": [
        "Vi väljer händelsetabellen eftersom ingen av oss vill sköta en meddelandeserver.",
        "Rapporterna om returer kommer först efter nattkörningen.",
    ],
    "ru": [
        "Мы берём таблицу событий, потому что никто не хочет обслуживать сервер сообщений.",
        "Отчёты о возвратах приходят после ночной загрузки.",
    ],
    "el": [
        "Κρατάμε τον πίνακα συμβάντων γιατί κανείς δεν θέλει να συντηρεί διακομιστή μηνυμάτων.",
        "Οι αναφορές επιστροφών έρχονται μετά τη νυχτερινή φόρτωση.",
    ],
    "ar": [
        "نأخذ جدول الأحداث لأن لا أحد منا يريد إدارة خادم الرسائل.",
        "تصل تقارير المرتجعات بعد التحميل الليلي.",
    ],
    "he": [
        "אנחנו לוקחים את טבלת האירועים כי אף אחד לא רוצה לתחזק שרת הודעות.",
        "הדוחות על החזרות מגיעים רק אחרי הטעינה הלילית.",
    ],
    "hi": [
        "हम घटनाओं की तालिका लेते हैं क्योंकि कोई भी संदेश सर्वर नहीं चलाना चाहता।",
        "वापसी की रिपोर्टें रात की लोडिंग के बाद आती हैं।",
    ],
    "th": [
        "เราเลือกตารางเหตุการณ์เพราะไม่มีใครอยากดูแลเซิร์ฟเวอร์ข้อความ",
        "รายงานการคืนสินค้ามาหลังจากการโหลดตอนกลางคืน",
    ],
    "zh": ["我们采用事件表，因为没有人愿意维护消息服务器。", "退货报表在夜间加载之后才会出来。"],
    "ja": [
        "メッセージサーバーを運用したい人がいないので、イベントテーブルを採用します。",
        "返品レポートは夜間ロードの後に届きます。",
    ],
    "ko": [
        "메시지 서버를 운영하려는 사람이 없어서 이벤트 테이블을 쓰기로 했습니다.",
        "반품 보고서는 야간 적재가 끝난 뒤에 나옵니다.",
    ],
    "en": [
        "We take the event table, because none of us wants to run a message server.",
        "The reports on returns arrive after the nightly load.",
    ],
}
NAMES = {"de": "German", "el": "Greek", "ja": "Japanese"}
Kept = Callable[..., Path]


def captions(*said: str) -> str:
    cues = (f"00:{at:02d}.000 --> 00:{at + 1:02d}.000\n<v Mara>{text}</v>\n" for at, text in enumerate(said))
    return "\n".join(("WEBVTT\n", *cues))


def ingested(place: Path, *paths: Path) -> None:
    run = record.recorder(
        Settings(store=place, actor="test"), clock=lambda: datetime.fromisoformat("2026-03-02T09:00Z")
    )
    for path in paths:
        source = file_source(path, Declared())
        record.ingest_source(run, source, reader_for(source))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one meeting in each language."""
    folder = tmp_path_factory.mktemp("talks")
    for language, said in TALKS.items():
        (folder / f"{language}.vtt").write_text(captions(*said), encoding="utf-8")
    ingested(folder / "intent.duckdb", *sorted(folder.glob("*.vtt")))
    return folder / "intent.duckdb"


@pytest.fixture(scope="module")
def asker(store: Path) -> Asker:
    return questions.asker(Settings(store=store))


def meeting(asker: Asker, language: str) -> SessionAnswer:
    found = questions.sessions(asker, limit=100).sessions
    return next(one for one in found if one.source.endswith(f"/{language}.vtt"))


def language_of(source: str) -> str:
    return Path(source).stem


@pytest.mark.parametrize("language", sorted(TALKS))
def test_a_session_keeps_its_language(asker: Asker, language: str) -> None:
    assert meeting(asker, language).language == language


@pytest.mark.parametrize("language", sorted(TALKS.keys() - {"en"}))
def test_no_decision_is_made_of_words_in_another_language_and_the_session_says_so(asker: Asker, language: str) -> None:
    found = meeting(asker, language)
    assert found.decisions == []
    [note] = [one for one in found.notes if one.startswith("extraction skipped")]
    assert note.startswith("extraction skipped: the conversation is in ") and note.endswith(f" ({language})")


@pytest.mark.parametrize(
    ("language", "query"),
    [
        ("de", "Ereignistabelle"),
        ("de", "EREIGNISTABELLEN"),
        ("de", "Bericht zu Rückgabe"),
        ("de", "Ruckgaben"),
        ("de", "nachtlaufe"),
        ("fr", "bases embarquées"),
        ("fr", "le rapport du magasin fermé"),
        ("fr", "l'administrateur du serveur"),
        ("es", "servidores de mensajeria"),
        ("es", "informe de devolución"),
        ("pt", "relatorio da devolução"),
        ("pt", "mensagem no servidor"),
        ("nl", "gebeurtenistabellen"),
        ("nl", "rapport over retour"),
        ("sv", "händelser i tabell"),
        ("sv", "nattkörningar"),
        ("ru", "таблица событий"),
        ("ru", "ОТЧЕТ О ВОЗВРАТЕ"),
        ("el", "ΠΙΝΑΚΑΣ ΣΥΜΒΑΝΤΩΝ"),
        ("el", "αναφορά επιστροφής"),
        ("ar", "جدول احداث"),
        ("ar", "التقارير"),
        ("ar", "تَقارير المُرتجعات"),
        ("he", "טבלה של אירועים"),
        ("he", "דוחות החזרות"),
        ("hi", "घटना तालिका"),
        ("hi", "रिपोर्ट वापसी"),
        ("th", "ตารางเหตุการณ์"),
        ("th", "คืนสินค้า"),
        ("zh", "事件表"),
        ("zh", "退货报表"),
        ("ja", "イベントテーブル"),
        ("ja", "ｲﾍﾞﾝﾄﾃｰﾌﾞﾙ"),
        ("ja", "返品"),
        ("ko", "이벤트 테이블"),
        ("ko", "보고서"),
        ("en", "event tables"),
    ],
)
def test_what_was_said_is_found_by_its_own_words(asker: Asker, language: str, query: str) -> None:
    hits = questions.search(asker, query, limit=5).hits
    assert [language_of(one.source) for one in hits][:1] == [language]


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Warum nehmen wir die Ereignistabelle?"),
        ("fr", "Pourquoi garder la base embarquée ?"),
        ("es", "¿Por qué usamos la tabla de eventos?"),
        ("pt", "Por que ficamos com a tabela de eventos?"),
        ("nl", "Waarom kiezen we voor de gebeurtenistabel?"),
        ("sv", "Varför väljer vi händelsetabellen?"),
        ("ru", "Почему мы берём таблицу событий?"),
        ("el", "Γιατί κρατάμε τον πίνακα συμβάντων;"),
        ("ar", "لماذا نأخذ جدول الأحداث؟"),
        ("he", "למה אנחנו לוקחים את טבלת האירועים?"),
        ("hi", "हम घटनाओं की तालिका क्यों लेते हैं?"),
        ("th", "ทำไมเราเลือกตารางเหตุการณ์"),
        ("zh", "为什么采用事件表？"),
        ("ja", "なぜイベントテーブルを採用しますか？"),
        ("ko", "왜 이벤트 테이블을 쓰나요?"),
    ],
)
def test_why_shows_what_was_said_and_that_no_decision_was_looked_for(
    asker: Asker, language: str, question: str
) -> None:
    answer = questions.why(asker, question, limit=1)
    assert answer.verdict == "discussed, no decision found"
    [hit] = answer.discussed
    assert language_of(hit.source) == language
    assert hit.recorded_text.startswith(f"Mara: {TALKS[language][0][:5]}")
    assert (answer.left_out or "").startswith(f"Decisions were not looked for in '{language}.vtt', in ")
    assert (answer.left_out or "").endswith(f" ({language}): read it with get.")


@pytest.mark.parametrize(
    "question",
    [
        "Warum wurde der Mietvertrag gekündigt?",
        "Γιατί ακυρώθηκε το μισθωτήριο;",
        "لماذا ألغي عقد الإيجار؟",
        "למה בוטל חוזה השכירות?",
        "किराये का अनुबंध क्यों रद्द हुआ?",
        "为什么取消租约？",
        "なぜ賃貸契約は解約されたのか？",
        "왜 임대 계약이 취소되었나요?",
        "Почему расторгли договор аренды?",
    ],
)
def test_why_knows_nothing_of_what_nobody_said_in_any_language(asker: Asker, question: str) -> None:
    assert questions.why(asker, question).verdict == "no record"


def test_the_command_line_prints_the_note_and_finds_the_words(
    store: Path, capsys: pytest.CaptureFixture[str], asker: Asker
) -> None:
    session_id = meeting(asker, "de").session_id
    assert run(["get", session_id, "--store", str(store)]) == ExitCode.DONE
    assert "extraction skipped: the conversation is in German (de)" in capsys.readouterr().out
    assert run(["search", "Berichte über Rückgaben", "--json", "--store", str(store)]) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["hits"][0]["session_id"] == session_id
    assert (
        run(["sql", "SELECT count(*) FROM intent.sessions WHERE language = 'de'", "--csv", "--store", str(store)]) == 0
    )
    assert capsys.readouterr().out.split()[-1] == "1"


def test_verify_and_doctor_find_nothing_wrong_with_a_store_in_many_languages(store: Path) -> None:
    assert record_upkeep.verify(Settings(store=store)).findings == []
    assert record_upkeep.doctor(Settings(store=store)).findings == []


def test_doctor_tells_terms_of_another_version_and_a_rebuild_makes_them_anew(tmp_path: Path) -> None:
    talk, place = tmp_path / "talk.vtt", tmp_path / "intent.duckdb"
    talk.write_text(captions(*TALKS["ru"]), encoding="utf-8")
    ingested(place, talk)
    with open_writer(place, wait_s=5) as db:
        db.execute("UPDATE documents SET terms_version = NULL")
        db.execute("UPDATE sessions SET language = NULL")
    settings = Settings(store=place)
    [finding] = record_upkeep.doctor(settings).findings
    assert finding.check == "search terms" and "intent doctor --rebuild" in finding.problem
    record_upkeep.rebuild(settings)
    assert record_upkeep.doctor(settings).findings == []
    with open_reader(place, wait_s=5) as db:
        assert db.execute("SELECT language FROM intent.sessions").fetchall() == [("ru",)]


ADR = """# Ereignisse in einer Tabelle ablegen

- Status: accepted
- Date: 2026-02-03

## Context and Problem Statement

Der Laden und das Lager müssen sich über jede Bestellung verständigen.

## Considered Options

* Kafka
* Ereignistabelle in Postgres

## Decision Outcome

Chosen option: "Ereignistabelle in Postgres", because das Team ohnehin Postgres betreibt.
"""
PULL = {
    "number": 7,
    "title": "Limiter les tentatives",
    "url": "https://github.com/lumen/shop/pull/7",
    "state": "MERGED",
    "author": {"login": "mara"},
    "files": [{"filename": "a.py", "status": "modified", "patch": "@@ -1 +1 @@\n-limit = 10\n+    limit = 3\n"}],
    "reviewThreads": {
        "nodes": [
            {
                "id": "T1",
                "isResolved": None,
                "isOutdated": True,
                "resolvedBy": None,
                "path": "a.py",
                "originalLine": 4,
                "comments": {
                    "nodes": [
                        {
                            "databaseId": 1,
                            "author": {"login": "priya"},
                            "body": "Limitons les tentatives à trois, cinq n'ont jamais aidé.\n\n"
                            "```suggestion\n    limit = 3\n```",
                            "createdAt": "2026-02-03T10:01:00Z",
                            "diffHunk": "@@ -1 +1 @@\n+limit = 10",
                        }
                    ]
                },
            }
        ]
    },
}
QUESTION = {
    "question": "イベントはどこに保存しますか？",
    "header": "保存先",
    "multiSelect": False,
    "options": [
        {"label": "イベントテーブル", "description": "チームはすでにPostgresを運用しています。"},
        {"label": "Kafka", "description": "夜間にクラスタを運用する人がいません。"},
    ],
}


def dialog() -> str:
    head = {"sessionId": "s-1", "timestamp": "2026-03-12T09:14:27.748Z", "cwd": "/shop", "version": "2.1.228"}
    call = {"type": "tool_use", "id": "toolu_1", "name": "AskUserQuestion", "input": {"questions": [QUESTION]}}
    answers = {QUESTION["question"]: "イベントテーブル"}
    told = f'Your questions have been answered: "{QUESTION["question"]}"="イベントテーブル".'
    result = {"tool_use_id": "toolu_1", "type": "tool_result", "content": told}
    words = "注文イベントの保存先を決めたいので、選択肢を出してください。どれも夜間に運用できるものにしたいです。"
    records = (
        {"type": "user", "uuid": "u1", "parentUuid": None, "message": {"role": "user", "content": words}},
        {"type": "assistant", "uuid": "u2", "parentUuid": "u1", "message": {"role": "assistant", "content": [call]}},
        {
            "type": "user",
            "uuid": "u3",
            "parentUuid": "u2",
            "message": {"role": "user", "content": [result]},
            "toolUseResult": {"questions": [QUESTION], "answers": answers},
        },
    )
    return "\n".join(json.dumps({**head, **one}, ensure_ascii=False) for one in records) + "\n"


@pytest.mark.parametrize(
    ("name", "content", "language", "choice", "question"),
    [
        ("0001-ereignisse.md", ADR, "de", "Ereignistabelle in Postgres", "Warum eine Ereignistabelle in Postgres?"),
        (
            "pr.json",
            json.dumps(PULL),
            "fr",
            "limit = 3",
            "Pourquoi limiter les tentatives à trois ?",
        ),
        ("dialog.jsonl", dialog(), "ja", "イベントテーブル", "なぜイベントテーブルですか？"),
    ],
)
def test_what_a_source_states_in_another_language_is_a_decision_and_answers_why(  # one case a format
    tmp_path: Path, name: str, content: str, language: str, choice: str, question: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    place = tmp_path / "intent.duckdb"
    ingested(place, tmp_path / name)
    asker = questions.asker(Settings(store=place), bundled)
    [session] = questions.sessions(asker).sessions
    assert session.language == language and len(session.decisions) == 1
    answer = questions.why(asker, question)
    assert answer.verdict == "decided"
    found: Decision = answer.decisions[0]
    assert choice in found.choice.text and found.authority == "structured"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("डेटाबेस की क्वेरी", {"डेटाबेस", "की", "क्वेरी"}),
        ("ตั้งค่า", {"ตั้งค่า", "ตั", "ั้", "้ง"}),
        ("我们用DuckDB", {"我们用", "我们", "们用", "duckdb"}),
        ("DuckDB를", {"duckdb", "를"}),
        ("ＤｕｃｋＤＢ", {"duckdb"}),
        ("Straße STRASSE", {"strass"}),
        ("Łódź", {"lodz"}),
        ("Кэш ещё", {"кэш", "еще"}),
        ("می‌خواهیم", {"ميخواهيم"}),
        ("schema.größe_wert", {"schema.große_wert".replace("ß", "ss"), "schema", "grosse_wert", "gross", "wert"}),
    ],
)
def test_words_of_every_script_become_terms(text: str, expected: set[str]) -> None:
    assert expected <= set(terms(text))


def test_pieces_are_taken_of_other_languages_words_only() -> None:
    english = terms("We keep the retry policy for the payments client and there is no other way to do it.")
    assert not any(map(is_piece, english))
    german = terms("Wir behalten die Datenbank für alle Aufträge und nehmen dafür keinen zweiten Server in Betrieb.")
    assert {"~_dat", "~aten", "~bank"} <= german.keys()
    assert not any(map(is_piece, query_terms("Warum behalten wir die Datenbank?")))
    assert {"datenbank", "~_dat", "~bank"} <= {term for word in asked_words("die Datenbank") for term in word}


def test_a_clause_without_spaces_is_asked_for_by_each_pair_of_its_characters() -> None:
    assert list(asked_words("数据库迁移")) == [("数据",), ("据库",), ("库迁",), ("迁移",)]
    assert says_something("数据库")
