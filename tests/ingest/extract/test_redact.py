"""What is masked and what is not. Tokens are put together here so that no scanner takes this file for a leak."""

from __future__ import annotations

import random
import string
import sys

import pytest

from ingest.extract.redact import mask, moved, redact
from ingest.records import Candidate, Draft, Part, Person, Rejected, Session, Span, Utterance
from tests.growth import assert_linear_row

_CHARS = string.ascii_letters + string.digits


def _random(length: int, chars: str = _CHARS) -> str:
    return "".join(random.Random(length).choices(chars, k=length))


SECRETS = {
    "aws key id": "AKIA" + _random(16, string.ascii_uppercase + string.digits),
    "github classic": "ghp_" + _random(36),
    "github fine-grained": "github_" + "pat_" + _random(22) + "_" + _random(59),
    "gitlab": "glpat-" + _random(20),
    "gitlab routable": "glpat-" + _random(27) + ".01." + _random(9),
    "anthropic": "sk-ant-" + "api03-" + _random(40),
    "openai project": "sk-proj-" + _random(48),
    "google": "AIza" + _random(35),
    "hugging face": "hf_" + _random(34, string.ascii_letters),
    "slack bot": "xoxb-" + "123456789012-1234567890123-" + _random(24),
    "slack app": "xapp-1-" + _random(30),
    "stripe": "sk_" + "live_" + _random(24),
    "sendgrid": "SG." + _random(22) + "." + _random(43),
    "npm": "npm_" + _random(36),
    "pypi": "pypi-AgEIcHlwaS5vcmc" + _random(80),
    "telegram": "123456789:" + _random(35),
    "twilio": "AC" + _random(32, "abcdef0123456789"),
    "json web token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0." + _random(43),
    "databricks": "dapi" + _random(32, "abcdef0123456789"),
}
NAMED = (
    ("password: {}", "hunter2"),
    ("export API_KEY={}", "a1" + _random(18)),
    ("DB_PASSWORD={}", "correct_horse"),
    ("Authorization: Bearer {}", "a1" + _random(30)),
    ("postgres://app:{}@db.internal/orders", "pw"),
    ("mongodb+srv://admin:{}@cluster0.example.net/x", "p%40ss"),
    ('{{"password": "{}", "user": "mara"}}', "hunter22"),
    ("the password is {}, tell nobody", "hunter2"),
    ("curl -u mara:{} https://example.com", "s3cr3t"),
    ("Server=x;User Id=sa;Password={};", "S3cret!99"),
    ("https://example.com/feed?access_token={}&page=2", "a1" + _random(30)),
    ("aws_secret_access_key = {}", "a1" + _random(38)),
    ("AccountKey={}", _random(86) + "=="),
)


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_a_token_of_a_known_format_is_masked_whole_inside_a_sentence(secret: str) -> None:
    masked = mask(f"We rotated {secret} on Monday.")
    assert masked.text.startswith("We rotated [masked:") and masked.text.endswith("] on Monday.")
    assert len(masked.edits) == 1


@pytest.mark.parametrize(("shape", "secret"), NAMED, ids=[shape for shape, _ in NAMED])
def test_a_value_named_as_a_secret_is_masked_and_its_name_stays(shape: str, secret: str) -> None:
    text = shape.format(secret)
    masked = mask(text)
    assert secret not in masked.text
    assert masked.text.startswith(text[: text.index(secret)])


@pytest.mark.parametrize(
    "text",
    [
        "the password field is on the second page",
        "token: the user's",
        "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        "commit 8b096e9b0ea0d1802ca95bc8110811771dca8d1b broke it",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "password: str | None = None",
        "password = os.environ['PGPASSWORD']",
        "password=get_password(user1)",
        "password=settings.DB_PASSWORD",
        "api_key=${API_KEY}",
        "secret: production-database",
        "the API key is invalid",
        "max_tokens=4096, input_tokens: 1234567",
        "primary_key = 'order_id'",
        "see http://localhost:3000/@mara or https://github.com/lumen/shop@v1.2",
        "bearer of bad news about internationalization",
        "password: must have 8 characters",
        "pwd: /home/mara/orders",
        'type="password" name="pw"',
        "Pass the secret to the function, and the token is expired.",
        "let's go with stg_orders_without_test_rows_v2 for the mart",
    ],
)
def test_ordinary_prose_and_code_stay_as_they_are(text: str) -> None:
    assert mask(text).text == text


def test_a_private_key_is_masked_from_its_first_line_to_its_last() -> None:
    body = "\n".join(_random(64) for _ in range(4))
    text = f"here:\n-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----\nthanks"
    assert mask(text).text == "here:\n[masked:private-key]\nthanks"


def test_a_private_key_cut_off_before_its_end_is_masked_as_far_as_it_goes() -> None:
    text = "-----BEGIN OPENSSH PRIVATE KEY-----\n" + "\n".join(_random(64) for _ in range(3))
    assert mask(text).text == "[masked:private-key]"


def test_counts_say_how_many_of_each_rule() -> None:
    masked = mask(f"{SECRETS['github classic']} and {SECRETS['google']} and password: hunter2 and password: hunter3")
    assert dict(masked.counts) == {"github-token": 1, "google-api-key": 1, "named-secret": 2}


def test_spans_move_with_their_text_and_grow_over_a_mask() -> None:
    text = "set password: hunter2 then restart the worker"
    edits = mask(text).edits
    after = text.index("restart")
    start, end = moved(after, after + 7, edits)
    assert mask(text).text[start:end] == "restart"
    inside = text.index("hunter2")
    start, end = moved(inside + 2, len(text), edits)
    assert mask(text).text[start:end] == "[masked:named-secret] then restart the worker"


def test_everything_a_draft_holds_is_masked() -> None:
    token = SECRETS["github classic"]
    text = f"Use {token} for the mart"
    stated = Candidate(
        subject=f"the token {token}",
        status="accepted",
        authority="structured",
        confidence=1.0,
        parts=(Part("choice", (Span(0, 4, len(text), text[4:]),)),),
        extractor="x/1",
        people=(Person("Mara", "decided"),),
    )
    session = Session(
        "agent_session",
        "s",
        (Utterance(0, text, "person", "line 1", topic=f"path/{token}"),),
        1,
        stated=(stated,),
        title=f"About {token}",
        notes=(f"saw {token}",),
    )
    rejected = Rejected("bad", "line 2", token)
    found = redact(Draft(session, candidates=session.stated, rejected=(rejected,)))
    assert token not in repr(found)
    span = found.candidates[0].parts[0].spans[0]
    assert span.quote == "[masked:github-token] for the mart"
    assert found.session.utterances[0].text[span.start_char : span.end_char] == span.quote
    assert dict(found.masked) == {"github-token": 6}


def test_a_draft_without_secrets_is_unchanged() -> None:
    session = Session("meeting", "s", (Utterance(0, "let's go with DuckDB", "person", "cue 1"),), 1)
    assert redact(Draft(session)) == Draft(session)


def test_ordinary_utterances_are_passed_without_loading_the_rule_set() -> None:
    sys.modules.pop("ingest.extract.redact_detectors", None)
    mask("so I think we should probably go with the local one because it needs no server")
    assert "ingest.extract.redact_detectors" not in sys.modules


@pytest.mark.parametrize(
    "unit", ["password", "eyJ", "a.b-", "://", "-----BEGIN RSA PRIVATE KEY-----", "curl ", "x" * 50]
)
def test_hostile_repetition_takes_no_more_than_linear_time(unit: str) -> None:
    assert_linear_row(lambda text: mask(text + " password: x"), unit)
