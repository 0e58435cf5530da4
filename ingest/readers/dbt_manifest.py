"""dbt manifests: what the descriptions and the meta of a project say, as one session a project.

Unit: a described thing, that is a node, column or source with a description or meta, also a macro of the project's own.
Macros of other packages and disabled nodes are none. A thing is kept, rejected with its JSON pointer (an entry or a
column that is no object, a second node of one unique id), or set aside:
  `no_words`  it has only meta, and nothing of that is a sentence
  `repeated`  another thing has the same words, as doc blocks are shared; what they decide governs both
Where run_results.json, catalog.json and sources.json lie beside the manifest they come with it. Nodes, versions and
runs are stored by `intent ingest dbt`, which reads the same files.

Locator: the JSON pointer, `/nodes/model.shop.orders/columns/status`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.dbt import BESIDE, MANIFEST, project_of
from ingest.dbt_count import described_count
from ingest.dbt_words import session_of
from ingest.json_source import shape
from ingest.records import Reader, Rejected, Session, Source

_SCHEMA = re.compile(r'"https?://[^"]*/dbt/manifest/v\d+(?:\.json)?\Z')


def accepts(source: Source) -> int:
    """91 for the schema of a dbt manifest, of any version."""
    return 91 if _SCHEMA.match(shape(_manifest(source)).get("/metadata/dbt_schema_version", "")) else 0


def read(source: Source) -> Iterator[Session | Rejected]:
    """The project's session, after the entries that are no nodes.

    Raises: SourceError for another version; the errors of `dbt.project_of`.
    """
    project = project_of(source.members or (source,))
    yield from project.rejected
    session = session_of(project)
    if session is not None:
        yield session


def count(source: Source) -> int:
    """The described things."""
    return described_count(_manifest(source))


def gathers(names: frozenset[str]) -> frozenset[str]:
    """A manifest with what dbt writes beside it."""
    return names & {MANIFEST, *BESIDE} if MANIFEST in names else frozenset()


def _manifest(source: Source) -> Source:
    return next((member for member in source.members if member.name == MANIFEST), source)


READER = Reader(
    name="dbt_manifest",
    suffixes=frozenset({".json"}),
    accepts=accepts,
    read=read,
    count=count,
    unit="described things",
    gathers=gathers,
)
