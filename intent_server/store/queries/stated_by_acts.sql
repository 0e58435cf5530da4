-- What people and agents said here of one decision replacing another, where both stand and neither is dismissed.
-- No parameters. By review_id.
SELECT acts.other_decision_id AS newer, acts.decision_id AS older
FROM reviews AS acts
JOIN decisions AS newer ON newer.decision_id = acts.other_decision_id AND newer.recorded_to IS NULL
JOIN decisions AS older ON older.decision_id = acts.decision_id AND older.recorded_to IS NULL
WHERE acts.recorded_to IS NULL
    AND acts.action = 'superseded'
    AND NOT EXISTS (
        SELECT 1
        FROM reviews AS dismissed
        WHERE dismissed.recorded_to IS NULL
            AND dismissed.action = 'dismissed'
            AND dismissed.decision_id IN (acts.decision_id, acts.other_decision_id)
    )
ORDER BY acts.review_id
