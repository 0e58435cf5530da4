-- The first schema. Only what DuckLake accepts too: no keys, checks, enums, sequences or fixed-size arrays.
-- Ids are UUIDv7 text, appended in order. Canonical tables first; the derived ones can be rebuilt from them.

CREATE TABLE sources (
    source_id VARCHAR NOT NULL,
    uri VARCHAR NOT NULL,
    reader VARCHAR NOT NULL,
    recorded_from TIMESTAMP NOT NULL
);

CREATE TABLE batches (
    batch_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    reader VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    signature VARCHAR NOT NULL,
    input_fingerprint VARCHAR NOT NULL,
    schema_fingerprint VARCHAR NOT NULL,
    extractor_fingerprint VARCHAR NOT NULL,
    output_fingerprint VARCHAR NOT NULL,
    read_count BIGINT NOT NULL,
    kept_count BIGINT NOT NULL,
    set_aside_count BIGINT NOT NULL,
    quarantined_count BIGINT NOT NULL,
    set_aside JSON NOT NULL,
    masked JSON NOT NULL,
    irregular JSON NOT NULL,
    session_count BIGINT NOT NULL,
    decision_count BIGINT NOT NULL,
    recorded_from TIMESTAMP NOT NULL
);

-- One open row (recorded_to IS NULL) a session at most; identity is `native`, `content` or `forgotten` (a tombstone:
-- closed, and native_id is then a fingerprint of what it was). Utterances are never changed, only appended.
CREATE TABLE sessions (
    session_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,
    native_id VARCHAR NOT NULL,
    identity VARCHAR NOT NULL,
    title VARCHAR,
    project VARCHAR,
    branch VARCHAR,
    started_at TIMESTAMP,
    ended_at TIMESTAMP,
    time_basis VARCHAR NOT NULL,
    parent_native_id VARCHAR,
    notes JSON NOT NULL,
    utterance_count BIGINT NOT NULL,
    fingerprint VARCHAR NOT NULL,
    recorded_from TIMESTAMP NOT NULL,
    recorded_to TIMESTAMP
);

CREATE TABLE utterances (
    session_id VARCHAR NOT NULL,
    utterance_index BIGINT NOT NULL,
    speaker VARCHAR,
    role VARCHAR NOT NULL,
    said_at TIMESTAMP,
    start_ms BIGINT,
    end_ms BIGINT,
    text VARCHAR NOT NULL,
    locator VARCHAR NOT NULL,
    native_id VARCHAR,
    parent_native_id VARCHAR,
    topic VARCHAR
);

-- A decision keeps its decision_id through changes of status: the row is closed and another one added. Its parts,
-- evidence and people belong to the id; fingerprint is that of the decision as its session gave it.
CREATE TABLE decisions (
    decision_id VARCHAR NOT NULL,
    session_id VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    choice VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    authority VARCHAR NOT NULL,
    confidence DOUBLE NOT NULL,
    extractor VARCHAR NOT NULL,
    decided_at TIMESTAMP,
    valid_from TIMESTAMP,
    valid_to TIMESTAMP,
    fingerprint VARCHAR NOT NULL,
    recorded_from TIMESTAMP NOT NULL,
    recorded_to TIMESTAMP
);

CREATE TABLE parts (
    part_id VARCHAR NOT NULL,
    decision_id VARCHAR NOT NULL,
    position BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    about_part_id VARCHAR,
    text VARCHAR NOT NULL
);

CREATE TABLE evidence (
    evidence_id VARCHAR NOT NULL,
    part_id VARCHAR NOT NULL,
    decision_id VARCHAR NOT NULL,
    session_id VARCHAR NOT NULL,
    utterance_index BIGINT NOT NULL,
    start_char BIGINT NOT NULL,
    end_char BIGINT NOT NULL,
    quote VARCHAR NOT NULL
);

CREATE TABLE people (
    decision_id VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    role VARCHAR NOT NULL
);

-- A link whose target_kind is `decision` holds a decision_id, resolved by the writer. What a source states of another
-- record is kept as it stands: target_kind `record` (relation `supersedes`: this one replaces it; target: its native id
-- or file name) or `superseded_by` (relation `supersedes` the other way round: that record replaces this one).
CREATE TABLE links (
    link_id VARCHAR NOT NULL,
    decision_id VARCHAR NOT NULL,
    relation VARCHAR NOT NULL,
    target_kind VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    method VARCHAR NOT NULL,
    recorded_from TIMESTAMP NOT NULL,
    recorded_to TIMESTAMP
);

CREATE TABLE quarantine (
    item_id VARCHAR NOT NULL,
    batch_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    session_id VARCHAR,
    stage VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    place VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    unit_count BIGINT NOT NULL,
    fingerprint VARCHAR NOT NULL,
    recorded_from TIMESTAMP NOT NULL,
    recorded_to TIMESTAMP
);

CREATE TABLE audit (
    audit_no BIGINT NOT NULL,
    recorded_from TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    entity_kind VARCHAR NOT NULL,
    entity_id VARCHAR NOT NULL,
    reason VARCHAR,
    before_fingerprint VARCHAR,
    after_fingerprint VARCHAR,
    previous_hash VARCHAR NOT NULL,
    hash VARCHAR NOT NULL
);

-- Derived: remade by `intent doctor --rebuild`.

CREATE TABLE documents (
    document_no BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    session_id VARCHAR NOT NULL,
    decision_id VARCHAR,
    first_utterance BIGINT NOT NULL,
    last_utterance BIGINT NOT NULL,
    term_count BIGINT NOT NULL
);

CREATE TABLE terms (
    term VARCHAR NOT NULL,
    term_no BIGINT NOT NULL,
    document_count BIGINT NOT NULL
);

CREATE TABLE postings (
    term_no BIGINT NOT NULL,
    document_no BIGINT NOT NULL,
    term_frequency SMALLINT NOT NULL,
    term_count INTEGER NOT NULL
);

CREATE TABLE vectors (
    document_no BIGINT NOT NULL,
    model_name VARCHAR NOT NULL,
    model_revision VARCHAR NOT NULL,
    code BLOB NOT NULL,
    vector BLOB NOT NULL
);

-- How many postings were in order when they were last sorted: beyond it lie the runs appended since.
CREATE TABLE index_state (
    sorted_count BIGINT NOT NULL
);
