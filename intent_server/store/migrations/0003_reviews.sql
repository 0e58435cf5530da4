-- The write side: what people and agents said of decisions here, and by whom. Parts and people get versions, so that a
-- correction closes a row and adds another; what a source was declared to be is kept, so that it can be read again.

-- One row for each act. action is `recorded`, `ratified`, `dismissed`, `corrected` or `superseded`; recorded_to is when
-- it was undone. actor: the operating system's user or the token's subject; client: the MCP client, NULL at a terminal.
-- mark: what the decision is known by when its source is read anew and it gets another id.
-- other_decision_id: of `superseded`, the decision that replaced this one.
-- changes: what it set, by column; of `parts` the ids that stand since and those that do not. A decision as it stands is
-- its first row with the changes of its open acts on it, so that undoing one gives back what was there before.
CREATE TABLE reviews (
    review_id VARCHAR NOT NULL,
    decision_id VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    actor VARCHAR NOT NULL,
    client VARCHAR,
    reason VARCHAR,
    other_decision_id VARCHAR,
    mark VARCHAR NOT NULL,
    changes JSON,
    recorded_from TIMESTAMP NOT NULL,
    recorded_to TIMESTAMP,
    undone_by VARCHAR,
    undone_reason VARCHAR
);

-- Versions of a decision's parts and people: recorded_to IS NULL is held now. Evidence belongs to its part.
ALTER TABLE parts ADD COLUMN recorded_from TIMESTAMP;
ALTER TABLE parts ADD COLUMN recorded_to TIMESTAMP;
ALTER TABLE people ADD COLUMN recorded_from TIMESTAMP;
ALTER TABLE people ADD COLUMN recorded_to TIMESTAMP;
UPDATE parts SET recorded_from = born.recorded_from
FROM (SELECT decision_id, min(recorded_from) AS recorded_from FROM decisions GROUP BY decision_id) AS born
WHERE born.decision_id = parts.decision_id;
UPDATE people SET recorded_from = born.recorded_from
FROM (SELECT decision_id, min(recorded_from) AS recorded_from FROM decisions GROUP BY decision_id) AS born
WHERE born.decision_id = people.decision_id;

-- As given on the command line when the source was read: encoding, date, reader. NULL: read before this was kept.
ALTER TABLE batches ADD COLUMN declared JSON;

-- BCP 47, as the source says or as its words show; NULL: unknown.
ALTER TABLE sessions ADD COLUMN language VARCHAR;

-- Why a person dismissed a refused item: gone with the item, as the audit table, which nothing leaves, could not be.
ALTER TABLE quarantine ADD COLUMN dismissed_reason VARCHAR;

-- Which edition of the rules made a document's terms; NULL: the first. Others than today's are found by fewer words.
ALTER TABLE documents ADD COLUMN terms_version INTEGER;
