-- Decisions that are no longer held and that people or agents reviewed here, of these sessions; also those that a person
-- split. $sessions VARCHAR: a JSON list of session ids. By decision_id.
-- fingerprint, choice, subject and authority are those that it came with. `became`: a JSON list of what it was split
-- into; NULL: it was not.
WITH ended AS (
    SELECT
        decision_id,
        any_value(fingerprint) AS fingerprint,
        arg_min(authority, (recorded_from, recorded_to)) AS authority,
        arg_min(choice, (recorded_from, recorded_to)) AS choice,
        arg_min(subject, (recorded_from, recorded_to)) AS subject,
        arg_max(session_id, (recorded_from, recorded_to)) AS session_id
    FROM decisions
    WHERE decision_id IN (SELECT decision_id FROM reviews WHERE recorded_to IS NULL)
    GROUP BY decision_id
    HAVING bool_and(recorded_to IS NOT NULL)
), merged AS (
    SELECT unnest(from_json(json_extract(changes, '$.gave_way'), '["VARCHAR"]')) AS decision_id
    FROM reviews
    WHERE recorded_to IS NULL AND action = 'merged'
)
SELECT
    ended.decision_id, ended.fingerprint, ended.authority, ended.choice, ended.subject,
    (
        SELECT any_value(json_extract(changes, '$.became'))
        FROM reviews
        WHERE reviews.decision_id = ended.decision_id AND recorded_to IS NULL AND action = 'split'
    ) AS became
FROM ended
WHERE ended.session_id IN (SELECT unnest(from_json($sessions, '["VARCHAR"]')))
    AND ended.decision_id NOT IN (SELECT decision_id FROM merged)
ORDER BY ended.decision_id
