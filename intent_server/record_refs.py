"""Part of the write side: the decisions that a pipeline's nodes name themselves, in `meta.decision_refs`."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence

from intent_server.link import Record, called
from intent_server.link_anchors import Anchor
from intent_server.link_ties import Tie
from intent_server.record_links import record_of
from intent_server.store import load
from intent_server.store.connect import Db
from intent_server.store.rows import Row, fetched


def named_by_nodes(db: Db) -> Mapping[str, Sequence[Tie]]:
    """By decision, the links of the nodes and columns that name it: by its id, or by its record's file or number.

    A name that fits several decisions names none.
    """
    found: dict[str, list[Tie]] = defaultdict(list)
    records: list[Record] | None = None
    for row in list(fetched(db, "node_refs")):
        for ref in json.loads(str(row["refs"])):
            records = [record_of(one) for one in fetched(db, "record_names")] if records is None else records
            target = str(ref["target"])
            fits = load.fitting_decisions(db, target) or list(called(target, records))
            if len(fits) == 1:
                found[fits[0]].append(_tie(row, ref["column"], target))
    return found


def _tie(row: Row, column: str | None, target: str) -> Tie:
    name = f"{row['unique_id']}.{column.casefold()}" if column else str(row["unique_id"])
    path = None if row["path"] is None else str(row["path"])
    anchor = Anchor("column" if column else "node", str(row["project"]), name, path)
    return Tie("governs", anchor, "explicit", f"decision_refs of {name}: {target}")
