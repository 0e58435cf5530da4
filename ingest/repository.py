"""What names a repository and what a commit message names: one identity for every form of remote, PR numbers, trailers.

Pure: text in, text out. An identity is `host/org/repo`, the host in small letters without port and user, the rest as
written: what https, ssh, scp-like and git addresses of one repository share.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

_SCHEME = re.compile(r"(?:[a-z][a-z0-9-]*::)?(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_HELPER = re.compile(r"\A[a-z][a-z0-9-]*::(?=\S)", re.IGNORECASE)
_SCP = re.compile(r"(?:[^/@:\s]+@)?(?P<host>\[[^\]\s]+\]|[^/@:\s\[\]]+):(?P<path>.+)", re.DOTALL)
_DRIVE = re.compile(r"[a-z]:(?:[\\/]|$)", re.IGNORECASE)
_NETWORK = frozenset({"https", "http", "ssh", "git", "git+ssh", "ssh+git", "git+https", "git+http", "ftp", "ftps"})
_PORT = re.compile(r":[0-9]*$")
_DOORS = {
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
    "ssh.dev.azure.com": "dev.azure.com",
    "vs-ssh.visualstudio.com": "dev.azure.com",
}
"""Other hosts through which the same repositories are reached."""
_VISUAL_STUDIO = re.compile(r"([^./]+)\.visualstudio\.com")

_PULL_SUBJECT = re.compile(
    r"Merge pull request #(?P<merge>\d{1,9})\b"  # GitHub, Bitbucket Server
    r"|Merge pull request '.*' \(#(?P<forgejo>\d{1,9})\) from "
    r"|Merged PR (?P<azure>\d{1,9}):"
    r"|Merged in .+ \(pull request #(?P<bitbucket>\d{1,9})\)"
    r"|Pull request #(?P<server>\d{1,9}):"
)
_PULL_END = re.compile(r"\([#!](\d{1,9})\)\s*$")
_PULL_BODY = re.compile(
    r"^(?:See merge request \S*!(\d{1,9})"
    r"|Reviewed-on: https?://\S+/(?:pulls|\+|c)/(\d{1,9})(?:/\d+)?/?)[ \t]*$",
    re.MULTILINE,
)
_TRAILER = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9-]*)[ \t]*:[ \t]+(?P<value>\S.*)")
_CARRIED = re.compile(r"\(cherry picked from commit [0-9a-f]{7,64}\)")
_ADDRESS = re.compile(r"[ \t]*<(?:[^<>\s]*@[^<>\s]*|\[masked:email\])>")


def identity_of(remote: str) -> str | None:
    """The identity that a remote's address names: `github.com/org/repo`; None for a local path or no repository.

    `git@GitHub.com:org/repo.git`, `ssh://git@github.com:22/org/repo` and `https://user:token@github.com/org/repo/` are
    one. Only the host's case is folded. Applied to what it gives (behind `https://`), it changes nothing.
    """
    host, path = _parts(unicodedata.normalize("NFC", remote.strip()))
    host = _PORT.sub("", host.rsplit("@", 1)[-1]).strip("[]").rstrip(".").casefold().removeprefix("www.")
    names = [name for name in unquote(path).split("/") if name.strip() and name not in (".", "..")]
    while names and names[-1] in (".git", "_git"):
        names.pop()
    if not host or not names or any(not char.isprintable() or char.isspace() for char in host):
        return None
    names[-1] = names[-1].strip()
    while names[-1].endswith(".git"):
        names[-1] = names[-1].removesuffix(".git")
    host, names = _hosted(host, names)
    return "/".join((host, *names)) if names and all(map(str.isprintable, names)) else None


def is_local(remote: str) -> bool:
    """Whether a remote's address is a place on this machine: a path, or `file://`."""
    return bool(remote.strip()) and not _parts(remote.strip())[0]


def local_path(remote: str) -> str:
    """The path of a local address, `file://` taken away."""
    found = _SCHEME.fullmatch(remote.strip())
    if found is None or found["scheme"].casefold() != "file":
        return remote.strip()
    rest = found["rest"]
    return unquote(rest if rest.startswith("/") else f"/{rest.partition('/')[2]}")


def _parts(remote: str) -> tuple[str, str]:
    """(host with user and port, path); no host for a local path."""
    found = _SCHEME.fullmatch(remote)
    if found:
        if found["scheme"].casefold() not in _NETWORK:
            return "", ""
        host, _, path = found["rest"].partition("/")
        return host, re.split(r"[?#]", path, maxsplit=1)[0]
    bare = _HELPER.sub("", remote)
    if _DRIVE.match(bare) or bare.startswith((".", "/", "~", "\\")):
        return "", ""
    scp = _SCP.fullmatch(bare)
    return (scp["host"], scp["path"]) if scp else ("", "")


def _hosted(host: str, names: list[str]) -> tuple[str, list[str]]:
    """Host and path without what one hosting service adds to the way in, not to the name."""
    host = _DOORS.get(host, host)
    found = _VISUAL_STUDIO.fullmatch(host)
    if found:
        host, names = "dev.azure.com", [found[1], *(name for name in names if name != "DefaultCollection")]
    if host == "dev.azure.com":
        names = [name for name in (names[1:] if names[0] == "v3" else names) if name != "_git"]
        return host, [*names, names[-1]] if len(names) == 2 else names  # a project's first repository has its name
    if names[0] == "scm" and len(names) == 3:
        return host, names[1:]  # Bitbucket Server over https
    if host.endswith(".googlesource.com") and names[0] == "a" and len(names) > 1:
        return host, names[1:]  # Gerrit, signed in
    return host, names


def pull_request_of(subject: str, body: str = "") -> int | None:
    """The number of the pull or merge request that a commit brought in, as hosting services write it.

    From merges (`Merge pull request #12 from …`, `Merged PR 12: …`, `Merged in x (pull request #12)`), from what closes
    a squash's subject (`(#12)`, `(!12)`; the last one), from `See merge request group/project!12` and `Reviewed-on:`.
    """
    found = _PULL_SUBJECT.match(subject)
    if found:
        return int(next(number for number in found.groups() if number))
    end = _PULL_END.search(subject)
    if end:
        return int(end[1])
    told = [next(number for number in one.groups() if number) for one in _PULL_BODY.finditer(body)]
    return int(told[-1]) if told else None


def trailers_of(body: str) -> tuple[tuple[str, str], ...]:
    """(name, value) of the `Name: value` lines that end a message; e-mail addresses are left out of the values.

    The last paragraph is trailers when each of its lines is one, goes on from one (indented), or says what was picked.
    """
    last = re.split(r"\n[ \t]*\n", body.strip())[-1] if body.strip() else ""
    found: list[tuple[str, str]] = []
    for line in last.split("\n"):
        trailer = _TRAILER.fullmatch(line.rstrip())
        if trailer:
            found.append((trailer["name"], _without_address(trailer["value"])))
        elif line[:1] in (" ", "\t") and found:
            name, value = found.pop()
            found.append((name, _without_address(f"{value} {line.strip()}")))
        elif not _CARRIED.fullmatch(line.strip()):
            return ()
    return tuple(found)


def _without_address(value: str) -> str:
    return _ADDRESS.sub("", value).strip()
