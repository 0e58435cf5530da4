-- How much a session holds. $session_id VARCHAR. One row.
SELECT
    (SELECT count(*) FROM utterances WHERE session_id = $session_id) AS utterances,
    (SELECT count(DISTINCT decision_id) FROM decisions WHERE session_id = $session_id) AS decisions
