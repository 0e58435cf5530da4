"""Makes the manifests in `target_before` and `target_after`: `manifests.py FOLDER`, with dbt-duckdb installed.

FOLDER: what make.py made. dbt parses the commit before pull request 12 and the one that brought it; of each manifest
our own nodes and macros stay, and what tells of the machine or the hour goes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent
PROFILE = "shop: {target: main, outputs: {main: {type: duckdb, path: shop.duckdb, schema: analytics}}}\n"
PARSED = {
    "target_before": ("4fc0c1cceeaae92db5e9fd2ab06c35bfdca9e1fc", "2026-03-04T02:00:04Z", "", "1f0b"),
    "target_after": ("b9c317153d9d5c61db3b3e204d96faa2947a7f6b", "2026-03-07T02:00:05Z", "12", "7c3e"),
}
"""Target folder -> commit, when dbt ran, pull request, beginning of the invocation's id."""
SECTIONS = ("nodes", "sources", "macros", "exposures", "metrics", "groups", "selectors", "disabled", "docs")
NODE_FIELDS = """
    alias attached_node checksum column_name columns config contract database depends_on description fqn meta name
    original_file_path package_name patch_path path raw_code refs relation_name resource_type schema source_name sources
    tags test_metadata unique_id unrendered_config file_key_name identifier source_description macro_sql
""".split()
OURS = "shop"


def trimmed(manifest: Mapping[str, dict[str, object]], at: str, invocation: str) -> dict[str, object]:
    """A manifest with our own nodes and macros."""
    nodes = {key: _node(one) for key, one in manifest["nodes"].items()}
    macros = {key: _node(one) for key, one in manifest["macros"].items() if key.startswith(f"macro.{OURS}.")}
    kept = {"metadata": manifest["metadata"], "nodes": nodes, "macros": macros}
    kept["sources"] = {key: _node(one) for key, one in manifest["sources"].items()}
    stamp = {"generated_at": at, "invocation_id": f"{invocation}5a90-3c1d-4e7a-9b26-0d8c4f71e2a5", "user_id": None}
    wanted = "dbt_schema_version dbt_version project_name adapter_type env".split()
    kept["metadata"] = {name: manifest["metadata"][name] for name in wanted} | stamp
    return kept | {name: {} for name in SECTIONS if name not in kept}


def _node(node: Mapping[str, object]) -> dict[str, object]:
    found = {name: node[name] for name in NODE_FIELDS if node.get(name) not in (None, [], {}, "")}
    if isinstance(config := found.get("config"), dict):
        found["config"] = {name: value for name, value in config.items() if value not in (None, [], {}, "")}
    if "depends_on" in node:
        found["depends_on"] = {"macros": [], "nodes": [], **node["depends_on"]}
    return found


def parsed(repository: Path, sha: str, pull_request: str) -> dict[str, dict[str, object]]:
    """What `dbt parse` writes at a commit."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "shop"
        subprocess.run(["git", "clone", "--quiet", "--shared", repository, place], check=True)
        subprocess.run(["git", "-C", place, "checkout", "--quiet", sha], check=True)
        Path(name, "profiles.yml").write_text(PROFILE, encoding="utf-8")
        told = {"GIT_SHA": sha, "REPO": "https://github.com/lumen-goods/shop.git", "PR": pull_request}
        env = {f"DBT_ENV_CUSTOM_ENV_{key}": value for key, value in told.items() if value}
        env |= {"DBT_PROFILES_DIR": name, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
        subprocess.run(["dbt", "--quiet", "parse"], cwd=place, env={**os.environ, **env}, check=True)
        return json.loads((place / "target" / "manifest.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: manifests.py FOLDER")
    for target, (sha, at, pull_request, invocation) in PARSED.items():
        manifest = trimmed(parsed(Path(sys.argv[1]).absolute(), sha, pull_request), at, invocation)
        out = HERE / target / "manifest.json"
        out.parent.mkdir(exist_ok=True)
        out.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
