"""The language of a session: as its source states it, as its words tell, or unknown."""

from __future__ import annotations

import pytest

from ingest.language import is_foreign, may_be_foreign, of_session, recognised
from ingest.language_names import english_name, tag
from ingest.records import Role, Session, Utterance

GERMAN = "Wir nehmen die Tabelle, weil niemand von uns einen Server betreiben will."
ENGLISH = "We take the table, because none of us wants to run a server."


def session(*said: str, stated: str | None = None, role: Role = "person") -> Session:
    spoken = tuple(Utterance(at, text, role, f"cue {at + 1}") for at, text in enumerate(said))
    return Session("meeting", "s", spoken, len(spoken), language=stated)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("en", "en"),
        ("en-us", "en"),
        ("pt_BR", "pt"),
        ("zh-Hant-TW", "zh"),
        ("eng", "en"),
        ("ger", "de"),
        ("German", "de"),
        ("english", "en"),
        ("haitian creole", "ht"),
        ("jw", "jv"),
        ("iw-IL", "he"),
        (" de ", "de"),
        ("tlh", "tlh"),
        ("auto", None),
        ("multi", None),
        ("und", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_a_stated_language_becomes_its_primary_tag(stated: object, expected: str | None) -> None:
    assert tag(stated) == expected


def test_a_language_has_an_english_name_or_its_tag() -> None:
    assert [english_name(one) for one in ("de", "ht", "tlh")] == ["German", "Haitian Creole", "tlh"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", GERMAN),
        ("en", ENGLISH),
        ("fr", "Nous gardons la table parce que personne ne veut gérer de serveur."),
        ("ru", "Мы берём таблицу, потому что никто не хочет обслуживать сервер."),
        ("el", "Κρατάμε τον πίνακα γιατί κανείς δεν θέλει να συντηρεί διακομιστή."),
        ("he", "אנחנו לוקחים את הטבלה כי אף אחד לא רוצה לתחזק שרת."),
        ("hi", "हम तालिका लेते हैं क्योंकि कोई भी सर्वर नहीं चलाना चाहता।"),
        ("th", "เราจะใช้ตารางเพราะไม่มีใครอยากดูแลเซิร์ฟเวอร์"),
        ("zh", "我们用表格，因为没有人愿意维护服务器。"),
        ("ko", "서버를 운영하려는 사람이 없어서 표를 쓰기로 했습니다."),
    ],
)
def test_a_sentence_tells_its_language(language: str, text: str) -> None:
    assert recognised([text]) == language


@pytest.mark.parametrize("text", ["", "ok", "LGTM", "Bis morgen.", "Fix the parser.", "はい", "数据库"])
def test_too_little_text_tells_no_language(text: str) -> None:
    assert recognised([text]) is None


@pytest.mark.parametrize(
    "text",
    [
        "npm run build failed again, rerun lint and typecheck after the merge",
        "Add retry policy, jitter and dead letter queue, then bump orders client version",
        "```\nfür die Tabelle nehmen wir den Server, weil niemand sie betreiben will\n```\nWhy is this in German?",
        "> Wir nehmen die Tabelle, weil niemand einen Server betreiben will.\n\nPlease translate this for us all.",
        "SELECT store_id, SUM(amount) FROM orders.fact_orders GROUP BY store_id -- what is null here and why?",
        "Use getUserById() in src/app/models/user.ts and rename userId to user_id in all of the places, please",
    ],
)
def test_technical_english_is_not_taken_for_another_language(text: str) -> None:
    assert recognised([text]) in {"en", None}
    assert not is_foreign(text)


def test_what_tools_and_agents_say_does_not_count() -> None:
    assert of_session(session(ENGLISH, role="assistant")) is None
    assert of_session(session(GERMAN, role="tool_result")) is None


def test_what_the_source_states_holds_where_the_words_do_not_tell() -> None:
    assert of_session(session("Tak.", stated="pl")) == "pl"
    assert of_session(session(GERMAN, stated="gsw")) == "gsw"


def test_words_overrule_a_source_about_being_english() -> None:
    assert of_session(session(GERMAN, stated="en")) == "de"
    assert of_session(session(ENGLISH, stated="de")) == "en"


def test_most_of_the_words_decide() -> None:
    assert of_session(session(ENGLISH, GERMAN, GERMAN, GERMAN)) == "de"
    assert of_session(session(ENGLISH, ENGLISH, ENGLISH, GERMAN)) == "en"


def test_one_utterance_is_foreign_only_where_that_is_clear() -> None:
    assert is_foreign(GERMAN) and may_be_foreign(GERMAN)
    assert not is_foreign(ENGLISH) and not may_be_foreign(ENGLISH)
    assert not is_foreign("Genau.")
    assert is_foreign("サーバーを運用したい人がいないので、表を使い続けます。")
