"""Pure: what a name in the words stands for, where it stands for exactly one thing that is known.

A name that fits several things links to none and is counted; a name that fits nothing says nothing. Many names are
names of other things too: of a package, a command, a field, a file that the program reads. So a plain name counts
where the change that goes with the words touched that very file; a telling one (`TagsRevision`) counts by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from ingest.records import Method
from intent_server.link_anchors import CODE, Anchor, file_anchor
from intent_server.link_mentions import Mention

_TWO_HUMPS = re.compile(r"[A-Z][a-z0-9]+[A-Z][A-Za-z0-9]*")
_HUMP = re.compile(r"[A-Z]+[a-z0-9]*")
_HUMPS = 2
_TESTS = re.compile(
    r"(?:^|/)(?:tests?|specs?|__tests__|testdata|fixtures?|examples?|samples?|vendor|third_party|node_modules)/"
    r"|(?:^|/)test_[^/]*$|[._-](?:test|spec)s?\.\w+$",
    re.IGNORECASE,
)
"""Where things are made up or belong to others: hardly what a plain name means."""
_COUNTED = re.compile(
    r"\b(?:options?|steps?|items?|points?|choices?|approach(?:es)?|tasks?|numbers?|no\.?|comments?|findings?"
    r"|suggestions?|questions?|phases?|rules?|cases?|todos?|parts?|levels?|priority|top|bugs?)[ :]+"
    r"(?:#\d+(?:,|,? and|,? or|/|-) ?)*$",
    re.IGNORECASE,
)
"""What stands before the number of something in a list."""
_LEADS = re.compile(r"(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?|see|via|refs?|per|from|in|by|of)[:\s]+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NodeName:
    """A pipeline's node as it may be called. `relation`: without quotes, lower case."""

    system: str
    project: str
    unique_id: str
    kind: str
    name: str
    relation: str = ""
    path: str = ""
    columns: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Symbol:
    """A definition in a repository's file."""

    repository: str
    name: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of the names that some words hold.

    `files`: (repository, path) by file name, and by stem. `commits`: (repository, full hash). `requests`: (repository,
    number) of pull requests and issues that sessions or commits speak of, with the kind. `repositories`: all of them.
    """

    files: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    stems: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    commits: Sequence[tuple[str, str]] = ()
    requests: Mapping[tuple[str, str], str] = field(default_factory=dict)
    nodes: Sequence[NodeName] = ()
    symbols: Mapping[str, Sequence[Symbol]] = field(default_factory=dict)
    repositories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Home:
    """Where a session took place. `folder`: its working directory, forward slashes. `repository`: where known."""

    repository: str | None = None
    folder: str = ""
    changed: frozenset[str] | None = None
    """The files of that repository that changed along with the words; None: not known."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The things that a name fits; one: it stands for that."""

    anchors: tuple[Anchor, ...] = ()
    method: Method = "explicit"


def meant(mention: Mention, before: str, home: Home, known: Known) -> Meant:
    """What a mention stands for. `before`: the words up to it."""
    if mention.kind == "path":
        return _path(mention, home, known)
    if mention.kind == "commit":
        fits = [(repo, sha) for repo, sha in known.commits if sha.startswith(mention.name)]
        fits = [one for one in fits if _is_of(one[0], mention.repository)]
        return Meant(tuple(Anchor("commit", *one) for one in fits))
    if mention.kind in ("request", "issue"):
        return _request(mention, before, home, known)
    if mention.kind == "node":
        return Meant(tuple(_node(one) for one in known.nodes if one.unique_id == mention.name))
    if mention.kind == "table":
        return _dotted(mention.name, home, known)
    found = _named(mention, home, known)
    return Meant(_touched(found, home) if _is_telling(mention) else _borne_out(found, mention.name, home), "name")


def stated_node(target: str, known: Known) -> Anchor | None:
    """The node, or column of one, that a source of its own pipeline names by its unique id."""
    for one in known.nodes:
        if one.unique_id == target:
            return _node(one)
        column = target.removeprefix(f"{one.unique_id}.")
        if column != target and column.casefold() in one.columns:
            return _column(one, column)
    return None


def paths_of(path: str, home: Home, known: Known) -> tuple[tuple[str, str], ...]:
    """(repository, path) of the tracked files that a path fits; the path may be absolute, or the end of one."""
    plain = path.replace("\\", "/").removeprefix("./")
    candidates = known.files.get(PurePosixPath(plain).name, ())
    if home.repository in {repository for repository, _ in candidates}:
        candidates = [one for one in candidates if one[0] == home.repository]
    if home.folder and plain.startswith(f"{home.folder}/"):
        plain = plain[len(home.folder) + 1 :]
    is_absolute = re.match(r"~?/|[A-Za-z]:/", plain) is not None
    if is_absolute:
        ends = [one for one in candidates if plain.endswith(f"/{one[1]}")]
        longest = max((len(one[1]) for one in ends), default=0)
        return tuple(one for one in ends if len(one[1]) == longest)
    whole = [one for one in candidates if one[1] == plain]
    return tuple(whole or (one for one in candidates if one[1].endswith(f"/{plain}")))


def _path(mention: Mention, home: Home, known: Known) -> Meant:
    """A path is explicit; a file's bare name is a name, and of several files of that name none is meant."""
    plain = mention.name.replace("\\", "/").removeprefix("./")
    found = [one for one in paths_of(mention.name, home, known) if _is_of(one[0], mention.repository)]
    if mention.repository is None and home.repository is not None:
        found = [one for one in found if one[0] == home.repository]
    if "/" in plain:
        whole = [one for one in found if one[1] == plain or plain.endswith(f"/{one[1]}")]
        kept = whole or [one for one in found if not _TESTS.search(one[1]) or one[1] in (home.changed or ())]
        return Meant(tuple(file_anchor(*one, mention.lines) for one in kept))
    named = [one for one in known.files.get(plain, ()) if home.repository in (None, one[0])]
    if not named:
        return _dotted(mention.name, home, known)
    anchors = [file_anchor(*one, mention.lines) for one in named]
    return Meant(_borne_out(anchors, plain, home), "name")


def _touched(found: Sequence[Anchor], home: Home) -> tuple[Anchor, ...]:
    """Of several, the only one whose file changed along; else all of them."""
    along = [one for one in found if one.path is not None and one.path in (home.changed or ())]
    return tuple(along if len(along) == 1 else found)


def _borne_out(found: Sequence[Anchor], name: str, home: Home) -> tuple[Anchor, ...]:
    """Those that a plain name may mean: the file that changed along; of a name of parts, where no change is known, all.

    Several stay several: the name is ambiguous.
    """
    of_code = [one for one in found if one.kind in CODE]
    if len(of_code) != len(found):
        return tuple(found)
    touched = _touched(found, home)
    if len(touched) == 1 and touched[0].path in (home.changed or ()):
        return touched
    if len(touched) > 1:
        return touched
    if home.changed is not None or re.search(r"[^\W_][._][^\W_]", name) is None:
        return ()
    return tuple(one for one in touched if not _TESTS.search(one.path or ""))


def is_plain(mention: Mention) -> bool:
    """A single small word in backticks (`sync`): outside of a choice it is mostly a command or a package."""
    return mention.kind == "word" and re.fullmatch(r"`[a-z][a-z0-9-]*`", mention.words) is not None


def _is_telling(mention: Mention) -> bool:
    """A name that is hardly a word of anything else: of humps (`TagsRevision`), two at least."""
    return len(_HUMP.findall(mention.name)) >= _HUMPS and "_" not in mention.name and "-" not in mention.name


def _is_of(repository: str, named: str | None) -> bool:
    return (
        not named or repository.casefold() == named.casefold() or repository.casefold().endswith(f"/{named.casefold()}")
    )


def _request(mention: Mention, before: str, home: Home, known: Known) -> Meant:
    """A number belongs to the repository that is named, to the session's own, or to the only one there is."""
    if mention.repository:
        named = [one for one in known.repositories if _is_of(one, mention.repository)]
        scopes = named or ([mention.repository] if "." in mention.repository.split("/")[0] else [])
    elif home.repository:
        scopes = [home.repository]
    else:
        scopes = [one for one in known.repositories if (one, mention.name) in known.requests]
    found = []
    for scope in scopes:
        kind = known.requests.get((scope, mention.name))
        is_bare = mention.repository is None and mention.words.startswith("#")
        is_said = not is_bare or _LEADS.search(before[-12:]) is not None
        if is_said or (kind and len(mention.name) > 1 and not _COUNTED.search(before[-40:])):
            of = kind or ("pull_request" if mention.kind == "request" and mention.words[0] != "#" else "issue")
            found.append(Anchor("issue" if of == "issue" else "pull_request", scope, mention.name))
    return Meant(tuple(found))


def _node(node: NodeName) -> Anchor:
    if node.system == "openlineage":
        return Anchor("job" if node.kind == "job" else "dataset", node.project, node.unique_id)
    return Anchor("node", node.project, node.unique_id, node.path or None)


def _dotted(name: str, home: Home, known: Known) -> Meant:
    """`schema.table`, `node.column`, or `Class.method`."""
    plain = name.casefold()
    tables = [one for one in known.nodes if one.relation and f".{one.relation}".endswith(f".{plain}")]
    if tables:
        return Meant(tuple(map(_node, _same_table(tables))))
    first, _, last = name.rpartition(".")
    nodes = [one for one in known.nodes if one.name.casefold() == first.rpartition(".")[2].casefold()]
    columns = [_column(one, last) for one in nodes if last.casefold() in one.columns]
    if columns:
        return Meant(tuple(columns), "name")
    owners = {(one.repository, one.path) for one in _at_home(known.symbols.get(first.rpartition(".")[2], ()), home)}
    symbols = [one for one in _at_home(known.symbols.get(last, ()), home) if (one.repository, one.path) in owners]
    anchors = tuple(map(_symbol, symbols))
    return Meant(anchors if first[:1].isupper() else _borne_out(anchors, last, home), "name")


def _same_table(nodes: Sequence[NodeName]) -> list[NodeName]:
    """One for each table: dbt's own node where a dataset of the same name is known too."""
    made = [one for one in nodes if one.system == "dbt"]
    return made or list(nodes)


def _named(mention: Mention, home: Home, known: Known) -> list[Anchor]:
    """What an identifier is the name of: nodes, else columns, definitions and files' stems that are one thing."""
    plain = mention.name.casefold()
    nodes = [one for one in known.nodes if one.name.casefold() == plain]
    if nodes:
        return [_node(one) for one in _same_table(nodes)]
    found = [_column(one, mention.name) for one in known.nodes if plain in one.columns]
    if not _is_product(mention):
        symbols = _at_home(known.symbols.get(mention.name, ()), home)
        places = {(one.repository, one.path) for one in symbols}
        found += [_symbol(one) for one in symbols]
        stems = [one for one in known.stems.get(mention.name, ()) if home.repository in (None, one[0])]
        found += [file_anchor(*one) for one in stems if one not in places]
    return found


def _is_product(mention: Mention) -> bool:
    """A name in prose that may be a product's as well (`GitHub`, `DuckDB`): not in backticks, of two parts."""
    is_bare = mention.words == mention.name
    return is_bare and _TWO_HUMPS.fullmatch(mention.name) is not None and len(_HUMP.findall(mention.name)) <= 2


def _at_home(symbols: Iterable[Symbol], home: Home) -> list[Symbol]:
    """Those of the session's repository, each once a file."""
    found = {(one.repository, one.path): one for one in symbols}.values()
    return [one for one in found if home.repository in (None, one.repository)]


def _symbol(symbol: Symbol) -> Anchor:
    return Anchor("symbol", symbol.repository, f"{symbol.path}::{symbol.name}", symbol.path)


def _column(node: NodeName, column: str) -> Anchor:
    return Anchor("column", node.project, f"{node.unique_id}.{column.casefold()}", node.path or None)
