"""Ingesting with a language model: kept by the same rules, paid for once, forgotten with its session."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.extract.llm import Answered, Ask, Unanswered
from ingest.extract.llm_answer import PageAnswer
from ingest.extract.llm_pages import Page
from ingest.registry import reader_for
from ingest.sources import Declared, file_source
from intent_server import record, record_upkeep
from intent_server.answers_record import SourceReport
from intent_server.cli import main
from intent_server.config import Settings
from intent_server.record_llm import Asking, Extract, with_model, without_model
from intent_server.store.connect import open_reader
from tests.intent_server.store.records import session
from tests.llm_server import Asked, Line, Reply, Server, good, serving

ENDS = "Mara: For the export nobody had anything against plain files in the shared folder."
CHOICE = "For the export nobody had anything against plain files"
"""Said so that no judge of the product's own takes it for a decision."""


def transcript(folder: Path, lines: int = 8, *, end: str = ENDS) -> Path:
    """A talk; 700 lines make three pages."""
    said = [
        f"{'Jonas' if at % 2 else 'Mara'}: Point {at} of the list says nothing that we could act upon.\n"
        for at in range(lines)
    ]
    path = folder / "talk.txt"
    path.write_text("".join(said) + end + "\n", "utf-8")
    return path


def answer(*choices: str) -> PageAnswer:
    said = [
        {"subject": "the export", "choice": {"utterance": 1, "words": one}, "status": "accepted"} for one in choices
    ]
    return PageAnswer.model_validate({"decisions": said})


def finds(page: Page) -> Answered:
    """The decision, on the page that has it."""
    return Answered(answer(CHOICE) if CHOICE in page.prompt else answer(), 5_000, 100)


class World:
    """A store and the runs on it."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(store=folder / "intent.duckdb", actor="mara")

    def asking(self, ask: Ask = finds, *, model: str = "openai:a", budget: int | None = None) -> Asking:
        return Asking(model, ask, 1_000, budget, clock=lambda: 0.0)

    def ingest(self, path: Path, asking: Asking | None = None, *, extract: Extract | None = None) -> SourceReport:
        given = with_model(self.settings, asking) if asking is not None else extract
        run = record.recorder(self.settings, extract=given)
        source = file_source(path, Declared())
        return record.ingest_source(run, source, reader_for(source))

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with open_reader(self.settings.store, wait_s=5) as db:
            return db.execute(query).fetchall()

    def choices(self) -> list[tuple[object, ...]]:
        return self.rows("SELECT choice, authority, extractor FROM decisions WHERE recorded_to IS NULL ORDER BY 1")

    def files(self) -> list[Path]:
        return sorted(self.settings.store.with_suffix(".llm").glob("*"))


FOUND = (CHOICE, "extracted", "llm/openai:a/1")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def counted(ask: Ask, pages: list[int]) -> Ask:
    def one(page: Page) -> Answered | Unanswered:
        pages.append(page.number)
        return ask(page)

    return one


def test_what_the_model_found_is_extracted_with_its_name_and_verifies(world: World, tmp_path: Path) -> None:
    path = transcript(tmp_path)
    asking = world.asking()
    world.ingest(path, asking)
    assert world.choices() == [FOUND]
    assert (asking.pages, asking.asked, asking.input_tokens, asking.failed) == (1, 1, 5_000, [])
    assert world.rows("SELECT confidence FROM decisions")[0][0] == pytest.approx(0.6)
    assert record_upkeep.verify(world.settings).findings == []


def test_reading_again_asks_nobody_with_and_without_the_model(world: World, tmp_path: Path) -> None:
    path, pages = transcript(tmp_path), list[int]()
    first = world.ingest(path, world.asking())
    again = world.asking(counted(finds, pages))
    assert world.ingest(path, again).outcome == "unchanged"
    plain = world.ingest(path)
    assert (plain.outcome, plain.signature) == ("unchanged", first.signature)
    assert (pages, again.answered_before) == ([], 1)
    assert world.choices() == [FOUND]


def test_the_signature_says_that_a_model_had_a_part_in_it(world: World, tmp_path: Path) -> None:
    path = transcript(tmp_path)
    plain = world.ingest(path).signature
    with_one = world.ingest(path, world.asking()).signature
    without = world.ingest(path, extract=without_model(world.settings)).signature
    assert plain == without != with_one
    assert [row for row in world.choices() if row[2].startswith("llm")] == []
    assert world.ingest(path).signature == plain
    pages = list[int]()
    assert world.ingest(path, world.asking(counted(finds, pages))).signature == with_one
    assert pages == []


def test_a_failed_page_leaves_the_rest_and_is_asked_by_the_next_run(world: World, tmp_path: Path) -> None:
    path, pages = transcript(tmp_path, 700), list[int]()

    def fails(page: Page) -> Answered | Unanswered:
        return Unanswered("no answer in time", 10, 0) if page.number == 2 else finds(page)

    asking = world.asking(fails)
    report = world.ingest(path, asking)
    assert report.kept == 701
    assert [(one.page, one.pages, one.reason) for one in asking.failed] == [(2, 3, "no answer in time")]
    assert world.choices() == [FOUND]
    again = world.asking(counted(finds, pages))
    world.ingest(path, again)
    assert (pages, again.answered_before, again.failed) == ([2], 2, [])


def test_after_a_failure_that_stays_nobody_else_is_asked(world: World, tmp_path: Path) -> None:
    pages = list[int]()
    asking = world.asking(counted(lambda _: Unanswered("the key was refused", is_final=True), pages))
    world.ingest(transcript(tmp_path, 700), asking)
    assert pages == [1]
    assert [one.page for one in asking.failed] == [1, 2, 3]
    assert asking.asked == 1


def test_a_model_that_answers_nothing_leaves_what_another_one_found(world: World, tmp_path: Path) -> None:
    path = transcript(tmp_path)
    world.ingest(path, world.asking())
    silent = world.asking(lambda _: Unanswered("no server answers there", is_final=True), model="openai:b")
    world.ingest(path, silent)
    assert not silent.dropped
    assert world.choices() == [FOUND]
    world.ingest(path, world.asking(model="openai:b"))
    assert world.choices() == [(CHOICE, "extracted", "llm/openai:b/1")]


def test_the_budget_stops_before_it_is_exceeded(world: World, tmp_path: Path) -> None:
    path, pages = transcript(tmp_path, 700), list[int]()
    asking = world.asking(counted(finds, pages), budget=22_000)
    world.ingest(path, asking)
    assert pages == [1]
    assert (asking.over_budget, asking.input_tokens + asking.output_used) == (2, 5_100)
    silent = world.asking(counted(lambda _: Answered(answer()), pages), model="openai:silent", budget=22_000)
    world.ingest(path, silent)
    assert (pages, silent.over_budget) == ([1, 1], 2)


def test_a_session_that_grows_pays_for_its_new_pages_only(world: World) -> None:
    lines = [f"Point {at} of the list says nothing that we could act upon, so far as I see." for at in range(900)]
    pages = list[int]()
    extract = with_model(world.settings, world.asking(counted(finds, pages)))
    extract(session(lines[:600]))
    asked = len(pages)
    extract(session([*lines, CHOICE]))
    assert asked >= 2
    assert pages[asked:] == list(range(asked, max(pages) + 1)), "the last page grew, the others are new"


def test_what_a_model_says_and_nobody_said_is_counted_and_not_kept(world: World, tmp_path: Path) -> None:
    asking = world.asking(lambda _: Answered(answer("we buy the moon", CHOICE)))
    world.ingest(transcript(tmp_path), asking)
    assert world.choices() == [FOUND]
    assert asking.dropped["choice: nobody said it"] == 1
    assert world.rows("SELECT 1 FROM quarantine") == []


def test_forgetting_a_session_removes_its_answers(world: World, tmp_path: Path) -> None:
    world.ingest(transcript(tmp_path), world.asking())
    assert len(world.files()) == 1
    assert CHOICE.encode() in world.files()[0].read_bytes()
    [(session,)] = world.rows("SELECT session_id FROM sessions")
    record_upkeep.forget(world.settings, str(session), now=record.recorder(world.settings).clock(), reason="asked")
    assert world.files() == []


def test_forgetting_removes_the_answers_of_what_the_place_said_before(world: World, tmp_path: Path) -> None:
    world.ingest(transcript(tmp_path), world.asking())
    path = transcript(tmp_path, end=f"Jonas: No, wait. Let us begin anew.\n{ENDS}")
    world.ingest(path, world.asking())
    assert world.files() != []
    [(session,)] = world.rows("SELECT session_id FROM sessions WHERE recorded_to IS NULL")
    record_upkeep.forget(world.settings, str(session), now=record.recorder(world.settings).clock(), reason="asked")
    assert world.files() == []


def test_one_that_leaves_the_record_takes_its_answers_along(world: World, tmp_path: Path) -> None:
    world.ingest(transcript(tmp_path), world.asking())
    path = transcript(tmp_path, end=f"{ENDS}\nMara: [intent: off the record]")
    path.write_text(path.read_text("utf-8") + "[intent: off the record]\n", "utf-8")
    world.ingest(path)
    assert world.files() == []


def test_secrets_reach_neither_the_model_nor_its_answers(world: World, tmp_path: Path) -> None:
    prompts: list[str] = []

    def ask(page: Page) -> Answered:
        prompts.append(page.prompt)
        return finds(page)

    world.ingest(transcript(tmp_path, end=f"{ENDS}\nJonas: password = 'hunter2-Xk29fjQ'"), world.asking(ask))
    assert "hunter2" not in prompts[0]
    assert b"hunter2" not in world.files()[0].read_bytes()


def test_a_line_cut_off_by_a_kill_is_asked_again(world: World, tmp_path: Path) -> None:
    path, pages = transcript(tmp_path), list[int]()
    world.ingest(path, world.asking())
    file = world.files()[0]
    file.write_bytes(file.read_bytes()[:-30])
    world.ingest(path, world.asking(counted(finds, pages)))
    assert pages == [1]
    world.ingest(path, world.asking(counted(finds, pages)))
    assert pages == [1]
    assert world.choices() == [FOUND]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


@pytest.fixture
def env(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings from outside, and the server of this test."""
    for name in os.environ:
        if name.startswith(("INTENT_", "OPENAI_", "ANTHROPIC_")):
            monkeypatch.delenv(name)
    for name, value in {"": "openai:scripted", "_URL": f"{server.url}/v1", "_RETRIES": "1"}.items():
        monkeypatch.setenv(f"INTENT_LLM{name}", value)


def run(place: Path, *words: str, kill: Callable[[int], None] = lambda _: None) -> tuple[int, str]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "intent_server.cli.main", "ingest", *words, "--store", str(place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        kill(process.pid)
        out, err = process.communicate(timeout=120)
    return process.returncode, out + err


def finding() -> Line:
    found = {"subject": "the export", "choice": {"utterance": 0, "words": CHOICE}, "status": "accepted"}
    return lambda asked: (good(found) if CHOICE in asked.prompt else good())(asked)


@pytest.mark.usefixtures("env")
def test_a_killed_run_goes_on_without_paying_again(world: World, tmp_path: Path, server: Server) -> None:
    path, victim = transcript(tmp_path, 700), list[int]()

    def kills(_: Asked) -> Reply | None:
        os.kill(victim[0], signal.SIGKILL)
        return None

    server.script = [finding(), finding(), kills]
    code, _ = run(world.settings.store, str(path), "--llm", kill=victim.append)
    assert (code, len(server.asked)) == (-signal.SIGKILL, 3)
    server.always = finding()
    code, told = run(world.settings.store, str(path), "--llm")
    assert code == 0
    assert len(server.asked) == 4
    assert "1 page to ask (2 answered before)" in told
    assert "1,000 tokens sent, 50 came back" in told
    assert [row[0] for row in world.choices()] == [CHOICE]


@pytest.mark.usefixtures("env")
def test_the_dry_run_asks_nothing_and_makes_nothing(
    world: World, tmp_path: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    path, store = str(transcript(tmp_path, 700)), str(world.settings.store)
    assert main.run(["ingest", path, "--llm", "--dry-run", "--store", store]) == 0
    told = "".join(capsys.readouterr())
    assert "openai:scripted: 3 pages to ask, about 1" in told
    assert "up to 12,000 to come back, price unknown" in told
    assert server.asked == []
    assert not world.settings.store.exists()


def test_what_it_would_take_is_told_without_a_key_and_asking_then_says_what_is_missing(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("INTENT_LLM_URL", "INTENT_LLM_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    path, store = str(transcript(tmp_path, 700)), str(world.settings.store)
    asked = ["ingest", path, "--llm", "--llm-model", "openai:gpt-5-mini", "--store", store]
    assert main.run([*asked, "--dry-run"]) == 0
    assert "openai:gpt-5-mini: 3 pages to ask" in capsys.readouterr().err
    assert main.run(asked) != 0
    assert "there is no key" in capsys.readouterr().err


@pytest.mark.usefixtures("env")
def test_a_failed_page_is_named_with_exit_code_4(
    world: World, tmp_path: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script = [finding(), lambda asked: Reply(400, {"error": {"message": "bad page"}})]
    server.always = finding()
    path, store = str(transcript(tmp_path, 700)), str(world.settings.store)
    assert main.run(["ingest", path, "--llm", "--store", store]) == 4
    told = "".join(capsys.readouterr())
    assert "No answer to page 2 of 3 of 'talk.txt': the server refused the request" in told
    assert [row[0] for row in world.choices()] == [CHOICE]


def test_without_the_flag_no_client_of_a_model_is_loaded() -> None:
    script = (
        "import sys; import intent_server.cli.ingest, intent_server.mcp.tools, intent_server.record;"
        "print([name for name in ('pydantic_ai', 'openai', 'anthropic', 'genai_prices') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
