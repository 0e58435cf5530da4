"""Part of the write side: the decisions that a pipeline's nodes name themselves, in `meta.decision_refs`."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from intent_server.link_anchors import Anchor
from intent_server.link_ties import Tie
from intent_server.store import load
from intent_server.store.connect import Db
from intent_server.store.rows import Row, fetched

_NUMBER = re.compile(r"^(?:m?adr[-_ #]*)?0*(\d{1,5})(?=$|[-_ .])", re.IGNORECASE)


def named_by_nodes(db: Db) -> Mapping[str, Sequence[Tie]]:
    """By decision, the links of the nodes and columns that name it: by its id, or by its record's file or number.

    A name that fits several decisions names none.
    """
    found: dict[str, list[Tie]] = defaultdict(list)
    records: list[Row] | None = None
    for row in list(fetched(db, "node_refs")):
        for ref in json.loads(str(row["refs"])):
            records = list(fetched(db, "record_names")) if records is None else records
            target = str(ref["target"])
            fits = load.fitting_decisions(db, target) or _of_records(records, target)
            if len(fits) == 1:
                found[fits[0]].append(_tie(row, ref["column"], target))
    return found


def _of_records(records: Sequence[Row], target: str) -> list[str]:
    wanted = PurePosixPath(target.strip()).stem.casefold()
    number = _NUMBER.match(wanted)
    named = [row for row in records if _stem(row) == wanted]
    if not named and number is not None and number.end() == len(wanted):
        named = [row for row in records if (own := _NUMBER.match(_stem(row))) is not None and own[1] == number[1]]
    return [str(row["decision_id"]) for row in named]


def _stem(row: Row) -> str:
    return PurePosixPath(str(row["uri"])).stem.casefold()


def _tie(row: Row, column: str | None, target: str) -> Tie:
    name = f"{row['unique_id']}.{column.casefold()}" if column else str(row["unique_id"])
    path = None if row["path"] is None else str(row["path"])
    anchor = Anchor("column" if column else "node", str(row["project"]), name, path)
    return Tie("governs", anchor, "explicit", f"decision_refs of {name}: {target}")
