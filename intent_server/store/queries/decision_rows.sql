-- Every row a decision has had. $decision_id VARCHAR. The first one first; the open one last.
SELECT
    decision_id, session_id, subject, choice, status, authority, confidence, extractor, decided_at, valid_from,
    valid_to, fingerprint, recorded_from, recorded_to, is_doubtful
FROM decisions
WHERE decision_id = $decision_id
ORDER BY recorded_from, recorded_to NULLS LAST
