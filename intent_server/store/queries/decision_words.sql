-- The words of decisions: of each their quotes, and the people with their roles.
-- $decision_ids VARCHAR[].
-- Order: by decision, then what, then text.
WITH wanted AS (
    SELECT unnest(CAST($decision_ids AS VARCHAR[])) AS decision_id
)
SELECT evidence.decision_id, 'quote' AS what, evidence.quote AS text
FROM evidence
JOIN wanted ON wanted.decision_id = evidence.decision_id
JOIN decisions
    ON decisions.decision_id = evidence.decision_id
    AND decisions.session_id = evidence.session_id
    AND decisions.recorded_to IS NULL
JOIN parts ON parts.part_id = evidence.part_id AND parts.recorded_to IS NULL
UNION ALL
SELECT people.decision_id, people.role, people.person
FROM people
JOIN wanted ON wanted.decision_id = people.decision_id
WHERE people.recorded_to IS NULL
ORDER BY ALL;
