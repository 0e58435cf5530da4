-- What stays of a forgotten session: that there was one, and fingerprints to know it and its records by.
-- $session_id, $source_id, $source_kind, $native_id VARCHAR; $records VARCHAR: a JSON list of fingerprints;
-- $now TIMESTAMP (UTC).
INSERT INTO sessions BY NAME
SELECT
    $session_id AS session_id, $source_id AS source_id, $source_kind AS source_kind, $native_id AS native_id,
    'forgotten' AS identity, 'unknown' AS time_basis, CAST($records AS JSON) AS notes, 0 AS utterance_count,
    '' AS fingerprint, CAST($now AS TIMESTAMP) AS recorded_from, CAST($now AS TIMESTAMP) AS recorded_to
