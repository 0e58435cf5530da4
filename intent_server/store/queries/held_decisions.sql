-- The open decisions of a session as the writer tells them apart. $session_id VARCHAR. By decision_id.
-- fingerprint, choice, subject and authority are those that it came with. `is_reviewed`: a person or an agent said
-- something of it here; `is_kept`: more than that it is to be dismissed, so that ingestion leaves it alone.
WITH current AS (
    SELECT decision_id FROM decisions WHERE session_id = $session_id AND recorded_to IS NULL
), acts AS (
    SELECT decision_id FROM reviews WHERE recorded_to IS NULL AND action <> 'dismissed'
    UNION
    SELECT other_decision_id FROM reviews WHERE recorded_to IS NULL AND action = 'superseded'
)
SELECT
    decision_id,
    any_value(decisions.fingerprint) AS fingerprint,
    arg_min(decisions.authority, (decisions.recorded_from, decisions.recorded_to IS NULL, decisions.recorded_to))
        AS authority,
    arg_min(decisions.choice, (decisions.recorded_from, decisions.recorded_to IS NULL, decisions.recorded_to)) AS choice,
    arg_min(decisions.subject, (decisions.recorded_from, decisions.recorded_to IS NULL, decisions.recorded_to))
        AS subject,
    decision_id IN (SELECT decision_id FROM acts) AS is_kept,
    decision_id IN (
        SELECT decision_id FROM acts
        UNION ALL
        SELECT decision_id FROM reviews WHERE recorded_to IS NULL
    ) AS is_reviewed
FROM decisions
WHERE decision_id IN (SELECT decision_id FROM current)
GROUP BY decision_id
ORDER BY decision_id
