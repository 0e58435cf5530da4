-- The exact words behind these decisions, or these evidence rows, and where they stand.
-- $decision_ids VARCHAR[], $evidence_ids VARCHAR[]: rows of either; an empty list for none.
-- All rows are found by narrow columns first: a third of the time at 100,000 of them.
-- Order: by decision, then part, then as the part was extracted: ids rise in the order of its spans.
WITH found AS MATERIALIZED (
    SELECT rowid AS place FROM evidence WHERE decision_id IN (SELECT unnest(CAST($decision_ids AS VARCHAR[])))
    UNION
    SELECT rowid AS place FROM evidence WHERE evidence_id IN (SELECT unnest(CAST($evidence_ids AS VARCHAR[])))
),
wanted AS MATERIALIZED (
    SELECT evidence.* FROM evidence JOIN found ON found.place = evidence.rowid
),
places AS MATERIALIZED (
    SELECT wanted.*, utterances.rowid AS place
    FROM wanted
    JOIN utterances
        ON utterances.session_id = wanted.session_id AND utterances.utterance_index = wanted.utterance_index
)
SELECT
    places.decision_id, places.part_id, places.evidence_id, places.quote, places.start_char,
    places.end_char, places.session_id, coalesce(sessions.title, sources.uri) AS session, sources.uri AS source,
    places.utterance_index, utterances.speaker, coalesce(utterances.said_at, sessions.started_at) AS said_at,
    utterances.start_ms, utterances.locator, utterances.end_ms, utterances.doubt
FROM places
JOIN utterances ON utterances.rowid = places.place
JOIN sessions ON sessions.session_id = places.session_id AND sessions.recorded_to IS NULL
JOIN sources ON sources.source_id = sessions.source_id
ORDER BY places.decision_id, places.part_id, places.evidence_id;
