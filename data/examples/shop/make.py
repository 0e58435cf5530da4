"""Makes the git repository of the example shop: `python data/examples/shop/make.py FOLDER`.

Authors and dates are fixed, so the hashes are the same everywhere. `files/<commit>/` holds the files that a commit
wrote, as it left them. The branch of pull request 12 stays beside main; nothing is fetched, nothing pushed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILES = Path(__file__).parent / "files"
REMOTE = "https://github.com/lumen-goods/shop.git"
BRANCH = "drop-test-orders"


@dataclass(frozen=True)
class Step:
    """One commit: the folder of its files, who made it when, and its message."""

    files: str
    author: str
    at: str
    message: str
    branch: str = "main"


RETRY = """Payments: three attempts with jitter

We try three times with jitter instead of without end, because endless retries turned the provider's slow evening of
3 February into an outage of ours.

Rejected: a circuit breaker | more state to watch than two people on call can carry
"""
TEST_ORDERS = """Drop test orders in stg_orders (#12)

* Drop test orders in staging
* An order whose is_test is null is a real one
"""
STEPS = (
    Step("01-start", "Tomás Rey", "2026-01-12T08:15:00Z", "Orders in staging"),
    Step("02-payments", "Jonas Weber", "2026-01-14T13:40:00Z", "Payments client"),
    Step("03-daily-orders", "Priya Nair", "2026-01-20T09:05:00Z", "Orders and revenue by store and day"),
    Step("04-describe-staging", "Tomás Rey", "2026-01-26T15:20:00Z", "Describe the columns of staging"),
    Step("05-retry", "Jonas Weber", "2026-02-05T10:30:00Z", RETRY),
    Step("06-active-customers", "Priya Nair", "2026-02-16T14:10:00Z", "Active customers"),
    Step("07-unique-orders", "Aiko Tan", "2026-02-24T08:50:00Z", "Check that order ids are unique"),
    Step("08-test-orders", "Tomás Rey", "2026-03-03T16:25:00Z", "Drop test orders in staging", BRANCH),
    Step(
        "09-null-is-real", "Tomás Rey", "2026-03-06T09:12:30Z", "An order whose is_test is null is a real one", BRANCH
    ),
    Step("09-null-is-real", "Tomás Rey", "2026-03-06T09:14:00Z", TEST_ORDERS),
    Step("10-check", "Aiko Tan", "2026-03-10T11:00:00Z", "Fail the build when a test order gets through staging"),
    Step("11-steps", "Jonas Weber", "2026-03-17T13:30:00Z", "Staging in named steps, nothing else changes"),
    Step("12-timeout", "Jonas Weber", "2026-03-24T08:45:00Z", "Payments: a name for the timeout, and three seconds"),
)


def make(folder: Path) -> tuple[str, ...]:
    """Make the repository in a folder that is not there or empty; the hash of each step's commit.

    Raises: FileExistsError where the folder holds something; CalledProcessError where git fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"'{folder}' is not empty: name a new folder.")
    _git(folder, "init", "--quiet", "--initial-branch=main", "--object-format=sha1")
    _git(folder, "remote", "add", "origin", REMOTE)
    shas = tuple(_commit(folder, step) for step in STEPS)
    _git(folder, "switch", "--quiet", "main")
    return shas


def _commit(folder: Path, step: Step) -> str:
    branch = _git(folder, "branch", "--show-current")
    if branch != step.branch:
        is_new = not _git(folder, "branch", "--list", step.branch)
        _git(folder, "switch", "--quiet", *(["--create"] if is_new else []), step.branch)
    shutil.copytree(FILES / step.files, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    _git(folder, "add", "--all")
    email = f"{step.author.split()[0].lower().replace('á', 'a')}@lumengoods.example"
    who = {
        f"GIT_{role}_{name}": value
        for role in ("AUTHOR", "COMMITTER")
        for name, value in (("NAME", step.author), ("EMAIL", email), ("DATE", step.at))
    }
    _git(folder, "commit", "--quiet", f"--message={step.message}", more=who)
    return _git(folder, "rev-parse", "HEAD")


def _git(folder: Path, *arguments: str, more: Mapping[str, str] | None = None) -> str:
    """What git prints; without the user's and the machine's settings, for these could change the hashes."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C", "TZ": "UTC"}
    settings = ("-c", "core.autocrlf=false", "-c", "core.fileMode=false", "-c", "core.hooksPath=/dev/null")
    command = ["git", *settings, *arguments]
    done = subprocess.run(command, cwd=folder, env={**kept, **alone, **(more or {})}, check=True, capture_output=True)
    return done.stdout.decode().strip()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: make.py FOLDER")
    for step, sha in zip(STEPS, make(Path(sys.argv[1])), strict=True):
        sys.stdout.write(f"{sha} {step.branch:16} {step.message.splitlines()[0]}\n")
