-- The store's tables, each under its own name, with the rows they had at moment.known_at: what was recorded later is not
-- there, and what was closed later is open. Small tables are copied, for past_as_of.sql to change; large ones are looked
-- at through views. No parameters.
CREATE TABLE sessions AS
SELECT held.* REPLACE (CASE WHEN held.recorded_to <= moment.known_at THEN held.recorded_to END AS recorded_to)
FROM store.main.sessions AS held
JOIN moment ON held.recorded_from <= moment.known_at;

-- A session only grows: its last row says how long it was then.
CREATE TABLE lengths AS
SELECT session_id, max(utterance_count) AS utterance_count
FROM sessions
GROUP BY session_id;

-- What was said after moment.as_of, and what of that no decision is quoted from; past_as_of.sql fills them.
CREATE TABLE later (session_id VARCHAR, utterance_index BIGINT);
CREATE TABLE unsaid (session_id VARCHAR, utterance_index BIGINT);

CREATE TABLE decisions AS
SELECT held.* REPLACE (CASE WHEN held.recorded_to <= moment.known_at THEN held.recorded_to END AS recorded_to)
FROM store.main.decisions AS held
JOIN moment ON held.recorded_from <= moment.known_at;

CREATE TABLE links AS
SELECT held.* REPLACE (CASE WHEN held.recorded_to <= moment.known_at THEN held.recorded_to END AS recorded_to)
FROM store.main.links AS held
JOIN moment ON held.recorded_from <= moment.known_at;

CREATE TABLE anchor_links AS
SELECT held.* REPLACE (CASE WHEN held.recorded_to <= moment.known_at THEN held.recorded_to END AS recorded_to)
FROM store.main.anchor_links AS held
JOIN moment ON held.recorded_from <= moment.known_at;

CREATE TABLE reviews AS
SELECT held.* REPLACE (CASE WHEN held.recorded_to <= moment.known_at THEN held.recorded_to END AS recorded_to)
FROM store.main.reviews AS held
JOIN moment ON held.recorded_from <= moment.known_at;

CREATE VIEW parts AS
SELECT held.rowid AS rowid, held.* REPLACE (CASE WHEN held.recorded_to <= moment.known_at THEN held.recorded_to END AS recorded_to)
FROM store.main.parts AS held
JOIN moment ON coalesce(held.recorded_from <= moment.known_at, true)
SEMI JOIN decisions ON decisions.decision_id = held.decision_id;

CREATE VIEW people AS
SELECT held.* REPLACE (CASE WHEN held.recorded_to <= moment.known_at THEN held.recorded_to END AS recorded_to)
FROM store.main.people AS held
JOIN moment ON coalesce(held.recorded_from <= moment.known_at, true)
SEMI JOIN decisions ON decisions.decision_id = held.decision_id;

-- A decision that went on in another session is quoted from there since, and not before.
CREATE VIEW evidence AS
SELECT held.rowid AS rowid, held.*
FROM store.main.evidence AS held
SEMI JOIN parts ON parts.part_id = held.part_id AND parts.decision_id = held.decision_id
SEMI JOIN decisions ON decisions.decision_id = held.decision_id AND decisions.session_id = held.session_id;

CREATE VIEW utterances AS
SELECT held.rowid AS rowid, held.*
FROM store.main.utterances AS held
JOIN lengths ON lengths.session_id = held.session_id AND held.utterance_index < lengths.utterance_count
ANTI JOIN unsaid
    ON unsaid.session_id = held.session_id AND unsaid.utterance_index = held.utterance_index;

CREATE VIEW sources AS
SELECT held.* FROM store.main.sources AS held JOIN moment ON held.recorded_from <= moment.known_at;

CREATE VIEW batches AS
SELECT held.* FROM store.main.batches AS held JOIN moment ON held.recorded_from <= moment.known_at;

CREATE VIEW quarantine AS
SELECT held.* REPLACE (CASE WHEN held.recorded_to <= moment.known_at THEN held.recorded_to END AS recorded_to)
FROM store.main.quarantine AS held
JOIN moment ON held.recorded_from <= moment.known_at;

CREATE VIEW repositories AS
SELECT held.* REPLACE (CASE WHEN held.recorded_to <= moment.known_at THEN held.recorded_to END AS recorded_to)
FROM store.main.repositories AS held
JOIN moment ON held.recorded_from <= moment.known_at;

CREATE VIEW commits AS
SELECT held.* FROM store.main.commits AS held JOIN moment ON held.recorded_from <= moment.known_at;

CREATE VIEW nodes AS
SELECT held.* REPLACE (CASE WHEN held.recorded_to <= moment.known_at THEN held.recorded_to END AS recorded_to)
FROM store.main.nodes AS held
JOIN moment ON held.recorded_from <= moment.known_at;

CREATE VIEW node_columns AS
SELECT held.* REPLACE (CASE WHEN held.recorded_to <= moment.known_at THEN held.recorded_to END AS recorded_to)
FROM store.main.node_columns AS held
JOIN moment ON held.recorded_from <= moment.known_at;

CREATE VIEW pipeline_versions AS
SELECT held.* FROM store.main.pipeline_versions AS held JOIN moment ON held.recorded_from <= moment.known_at;

CREATE VIEW runs AS
SELECT held.* REPLACE (CASE WHEN held.recorded_to <= moment.known_at THEN held.recorded_to END AS recorded_to)
FROM store.main.runs AS held
JOIN moment ON held.recorded_from <= moment.known_at;

CREATE VIEW anchors AS
SELECT held.* FROM store.main.anchors AS held JOIN moment ON held.recorded_from <= moment.known_at;

CREATE VIEW commit_files AS
SELECT held.* FROM store.main.commit_files AS held;

CREATE VIEW files AS
SELECT held.* FROM store.main.files AS held;

CREATE VIEW symbols AS
SELECT held.* FROM store.main.symbols AS held;

CREATE VIEW unresolved AS
SELECT held.* FROM store.main.unresolved AS held;

CREATE VIEW audit AS
SELECT held.* FROM store.main.audit AS held JOIN moment ON held.recorded_from <= moment.known_at;

CREATE VIEW migrations AS
SELECT held.* FROM store.main.migrations AS held;
