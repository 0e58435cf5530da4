"""Identities of repositories, numbers of pull requests and trailers, from text alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.repository import identity_of, is_local, local_path, pull_request_of, trailers_of

NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,12}", fullmatch=True)
HOSTS = st.from_regex(r"[a-z][a-z0-9]{0,8}\.(example|test)", fullmatch=True)


@given(HOSTS, NAMES.filter(lambda name: name.lower() not in ("scm", "v3")), NAMES, st.integers(1, 65535))
def test_every_form_of_a_remote_gives_one_identity(host: str, owner: str, name: str, port: int) -> None:
    wanted = f"{host}/{owner}/{name}"
    forms = (
        f"https://{host}/{owner}/{name}.git",
        f"https://{host}/{owner}/{name}/",
        f"https://user:s3cret@{host.upper()}:{port}/{owner}/{name}",
        f"http://www.{host}/{owner}//{name}.git/",
        f"ssh://git@{host}:{port}/{owner}/{name}.git",
        f"git+ssh://{host}/{owner}/{name}",
        f"git://{host}/{owner}/{name}",
        f"git@{host}:{owner}/{name}.git",
        f"{host}:/{owner}/{name}",
        f"  https://{host}/{owner}/{name}?x=1#readme\n",
    )
    assert {identity_of(form) for form in forms} == {wanted}


@given(st.text(max_size=60))
def test_an_identity_is_a_fixed_point_and_any_text_is_taken(remote: str) -> None:
    for text in (remote, f"https://h.test/{remote}", f"git@h.test:{remote}"):
        identity = identity_of(text)
        if identity is not None and not set(identity) & set("%?#@:\\"):
            assert identity_of(f"https://{identity}") == identity


@pytest.mark.parametrize(
    ("remote", "wanted"),
    [
        ("ssh://git@ssh.github.com:443/org/repo.git", "github.com/org/repo"),
        ("git@ssh.dev.azure.com:v3/org/Big%20Project/repo", "dev.azure.com/org/Big Project/repo"),
        ("https://org@dev.azure.com/org/Big%20Project/_git/repo", "dev.azure.com/org/Big Project/repo"),
        ("https://org.visualstudio.com/DefaultCollection/proj/_git/repo", "dev.azure.com/org/proj/repo"),
        ("https://dev.azure.com/org/_git/proj", "dev.azure.com/org/proj/proj"),
        ("https://bit.example/scm/TEAM/repo.git", "bit.example/TEAM/repo"),
        ("ssh://git@bit.example:7999/TEAM/repo.git", "bit.example/TEAM/repo"),
        ("https://x.googlesource.com/a/plugins/one", "x.googlesource.com/plugins/one"),
        ("https://gitlab.example/group/sub/deep/repo.git", "gitlab.example/group/sub/deep/repo"),
        ("git@[2001:db8::1]:org/repo", "2001:db8::1/org/repo"),
        ("/srv/git/repo.git", None),
        ("../repo", None),
        ("file:///srv/git/repo.git", None),
        ("C:\\work\\repo", None),
        ("c:/work/repo", None),
        ("repo", None),
        ("https://github.com/", None),
        ("", None),
    ],
)
def test_hosts_with_several_doors_have_one_identity_and_paths_have_none(remote: str, wanted: str | None) -> None:
    assert identity_of(remote) == wanted


def test_a_local_address_is_told_and_its_path_given() -> None:
    assert is_local("/srv/x.git")
    assert is_local("file:///srv/a%20b")
    assert not is_local("https://h.test/a/b")
    assert local_path("file:///srv/a%20b") == "/srv/a b"
    assert local_path("file://host/srv/x") == "/srv/x"


@pytest.mark.parametrize(
    ("subject", "body", "number"),
    [
        ("Merge pull request #12 from org/branch", "Title", 12),
        ("Merge pull request #7 in TEAM/repo from x to main", "", 7),
        ("Keep raw events (#34)", "", 34),
        ('Revert "Keep raw events (#34)" (#35)', "", 35),
        ('Revert "Keep raw events (#34)"', "", None),
        ("Keep raw events (!9)", "", 9),
        ("Merge branch 'x' into 'main'", "Title\n\nSee merge request group/project!12", 12),
        ("Merged PR 56: Keep raw events", "", 56),
        ("Merged in feature/x (pull request #78)", "", 78),
        ("Pull request #5: Title", "", 5),
        ("Merge pull request 'Title' (#3) from a/b into main", "", 3),
        ("Title", "Reviewed-on: https://forge.example/org/repo/pulls/44", 44),
        ("Title", "Change-Id: I1\nReviewed-on: https://review.example/c/proj/+/4711", 4711),
        ("Closes #12", "", None),
        ("Fix (see #12) the thing", "", None),
        ("Merge branch 'main'", "", None),
    ],
)
def test_pull_request_numbers_come_from_what_hosts_write(subject: str, body: str, number: int | None) -> None:
    assert pull_request_of(subject, body) == number


def test_trailers_are_the_last_paragraph_without_addresses() -> None:
    trailers = (
        "Co-authored-by: Ada Example <ada@example.org>\nRefs: #12\n  and #13\n(cherry picked from commit 1234567)"
    )
    assert trailers_of(f"Why: words.\n\n{trailers}") == (("Co-authored-by", "Ada Example"), ("Refs", "#12 and #13"))
    assert trailers_of("Just words.\nNote: one line only") == ()
    assert trailers_of("") == ()
