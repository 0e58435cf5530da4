-- The words of decisions: of each their quotes, and the people with their roles.
-- $decision_ids VARCHAR[].
-- Order: by decision, then what, then text.
WITH wanted AS (
    SELECT unnest(CAST($decision_ids AS VARCHAR[])) AS decision_id
),
said AS MATERIALIZED (
    SELECT decision_id, session_id, part_id, quote FROM evidence WHERE decision_id IN (SELECT decision_id FROM wanted)
),
held AS MATERIALIZED (
    SELECT part_id FROM parts WHERE recorded_to IS NULL AND decision_id IN (SELECT decision_id FROM wanted)
),
standing AS MATERIALIZED (
    SELECT decision_id, session_id
    FROM decisions
    WHERE recorded_to IS NULL AND decision_id IN (SELECT decision_id FROM wanted)
)
SELECT said.decision_id, 'quote' AS what, said.quote AS text
FROM said
JOIN standing ON standing.decision_id = said.decision_id AND standing.session_id = said.session_id
JOIN held ON held.part_id = said.part_id
UNION ALL
SELECT decision_id, role, person
FROM people
WHERE recorded_to IS NULL AND decision_id IN (SELECT decision_id FROM wanted)
ORDER BY ALL;
