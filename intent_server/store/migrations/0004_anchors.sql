-- What decisions are tied to: repositories with their commits, pipelines with their nodes, versions and runs, and the
-- anchors by which links point at them.

-- A repository as it was last read. repository: its identity, `host/org/repo` in one form, or `root:<sha>` of the first
-- commit where it has no remote. place: the folder it was read from.
CREATE TABLE repositories (
    repository VARCHAR NOT NULL,
    place VARCHAR NOT NULL,
    branch VARCHAR,
    head VARCHAR,
    is_shallow BOOLEAN NOT NULL,
    is_dirty BOOLEAN NOT NULL,
    recorded_from TIMESTAMP NOT NULL,
    recorded_to TIMESTAMP
);

-- Commits are never changed, only added. pull_request: the number that the subject names.
CREATE TABLE commits (
    repository VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    author VARCHAR NOT NULL,
    authored_at TIMESTAMP,
    committed_at TIMESTAMP,
    subject VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    pull_request BIGINT,
    parents JSON NOT NULL,
    trailers JSON NOT NULL,
    recorded_from TIMESTAMP NOT NULL
);

CREATE TABLE commit_files (
    repository VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    old_path VARCHAR,
    change VARCHAR NOT NULL,
    added_lines BIGINT,
    removed_lines BIGINT
);

-- What a pipeline consists of. system: `dbt` or `openlineage`; project: dbt's project, OpenLineage's namespace.
-- One open row a node at most.
CREATE TABLE nodes (
    system VARCHAR NOT NULL,
    project VARCHAR NOT NULL,
    unique_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    relation VARCHAR,
    path VARCHAR,
    description VARCHAR,
    facts JSON NOT NULL,
    fingerprint VARCHAR NOT NULL,
    recorded_from TIMESTAMP NOT NULL,
    recorded_to TIMESTAMP
);

CREATE TABLE node_columns (
    system VARCHAR NOT NULL,
    project VARCHAR NOT NULL,
    unique_id VARCHAR NOT NULL,
    column_name VARCHAR NOT NULL,
    data_type VARCHAR,
    description VARCHAR,
    recorded_from TIMESTAMP NOT NULL,
    recorded_to TIMESTAMP
);

-- A node as one version of its code made it. fingerprint: of what the node does (not of comments on it in YAML), to be
-- compared with others of its fingerprint_kind only, `parsed` or `rendered`.
CREATE TABLE pipeline_versions (
    version_id VARCHAR NOT NULL,
    system VARCHAR NOT NULL,
    project VARCHAR NOT NULL,
    unique_id VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    fingerprint_kind VARCHAR NOT NULL,
    checksum VARCHAR,
    contract_checksum VARCHAR,
    compiled_fingerprint VARCHAR,
    repository VARCHAR,
    git_sha VARCHAR,
    is_dirty BOOLEAN,
    generated_at TIMESTAMP,
    recorded_from TIMESTAMP NOT NULL
);

-- One node's or job's part in one execution. native_id: dbt's invocation, OpenLineage's run.
CREATE TABLE runs (
    run_id VARCHAR NOT NULL,
    system VARCHAR NOT NULL,
    project VARCHAR NOT NULL,
    unique_id VARCHAR NOT NULL,
    native_id VARCHAR NOT NULL,
    version_id VARCHAR,
    status VARCHAR NOT NULL,
    started_at TIMESTAMP,
    ended_at TIMESTAMP,
    nominal_start TIMESTAMP,
    nominal_end TIMESTAMP,
    message VARCHAR,
    row_count BIGINT,
    recorded_from TIMESTAMP NOT NULL,
    recorded_to TIMESTAMP
);

-- Derived: made anew from the record, the repositories and the pipelines by `intent doctor --rebuild`.

-- The files of a repository's last read commit, and what they define.
CREATE TABLE files (
    repository VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL
);

CREATE TABLE symbols (
    repository VARCHAR NOT NULL,
    symbol VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    line BIGINT NOT NULL
);

-- A thing outside the store: (kind, scope, name, line_start, line_end, commit_sha) is one row. scope: the repository,
-- dbt's project or OpenLineage's namespace. text: what the lines said in that commit.
CREATE TABLE anchors (
    anchor_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    path VARCHAR,
    line_start BIGINT,
    line_end BIGINT,
    commit_sha VARCHAR,
    text VARCHAR,
    recorded_from TIMESTAMP NOT NULL
);

-- Links from decisions to anchors, with what they rest on. stated_link_id: the row of `links` that says so, where the
-- source does. session_id and utterance_index: where the words or the edit stand; evidence: those words or that fact.
CREATE TABLE anchor_links (
    link_id VARCHAR NOT NULL,
    decision_id VARCHAR NOT NULL,
    relation VARCHAR NOT NULL,
    anchor_id VARCHAR NOT NULL,
    method VARCHAR NOT NULL,
    stated_link_id VARCHAR,
    session_id VARCHAR,
    utterance_index BIGINT,
    evidence VARCHAR NOT NULL,
    recorded_from TIMESTAMP NOT NULL,
    recorded_to TIMESTAMP
);

-- Names in decisions that fit several things and therefore link to none.
CREATE TABLE unresolved (
    decision_id VARCHAR NOT NULL,
    words VARCHAR NOT NULL,
    fits BIGINT NOT NULL,
    examples JSON NOT NULL
);
