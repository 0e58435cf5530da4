-- How each decision held now stands, without those that were dismissed. `session_no`: the place of its session among
-- `open_session_ids`, from 0; `status_no` and `authority_no`: theirs in $statuses and $authorities, from 1: numbers cost
-- a hundredth of a text to hand over.
-- $statuses VARCHAR[], $authorities VARCHAR[]. $decision_ids VARCHAR[]: these decisions alone; NULL for all.
-- Order: by id.
WITH numbered AS (
    SELECT session_id, row_number() OVER (ORDER BY session_id) - 1 AS session_no
    FROM sessions
    WHERE recorded_to IS NULL
)
SELECT
    decisions.decision_id, numbered.session_no,
    list_position(CAST($statuses AS VARCHAR[]), decisions.status) AS status_no,
    list_position(CAST($authorities AS VARCHAR[]), decisions.authority) AS authority_no,
    coalesce(decisions.is_doubtful, false) AS is_doubtful
FROM decisions
JOIN numbered ON numbered.session_id = decisions.session_id
WHERE decisions.recorded_to IS NULL
    AND decisions.decision_id NOT IN (
        SELECT decision_id FROM reviews WHERE recorded_to IS NULL AND action = 'dismissed'
    )
    AND (
        CAST($decision_ids AS VARCHAR[]) IS NULL
        OR decisions.decision_id IN CAST($decision_ids AS VARCHAR[])
    )
ORDER BY decisions.decision_id
