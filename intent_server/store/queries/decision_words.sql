-- The words of decisions: of each their quotes, and the people with their roles.
-- $decision_ids VARCHAR[], $session_ids VARCHAR[]: a decision and the session it is held in at each position.
-- Rows are found by one narrow column first; a part counts as held but where some version of it ended and none is open:
-- few ever end, so that the whole table is not read. A third of the time at 100,000 decisions.
-- Order: by decision, then what, then text.
WITH wanted AS MATERIALIZED (
    SELECT unnest(CAST($decision_ids AS VARCHAR[])) AS decision_id, unnest(CAST($session_ids AS VARCHAR[])) AS session_id
),
places AS MATERIALIZED (
    SELECT rowid AS place FROM evidence WHERE decision_id IN (SELECT decision_id FROM wanted)
),
quoted AS MATERIALIZED (
    SELECT evidence.decision_id, evidence.session_id, evidence.part_id, evidence.quote
    FROM evidence
    WHERE evidence.rowid IN (SELECT place FROM places)
),
said AS MATERIALIZED (
    SELECT quoted.decision_id, quoted.part_id, quoted.quote
    FROM quoted
    JOIN wanted ON wanted.decision_id = quoted.decision_id AND wanted.session_id = quoted.session_id
),
ended AS MATERIALIZED (
    SELECT part_id FROM parts WHERE recorded_to IS NOT NULL AND part_id IN (SELECT part_id FROM said)
),
reopened AS MATERIALIZED (
    SELECT part_id FROM parts WHERE recorded_to IS NULL AND part_id IN (SELECT part_id FROM ended)
)
SELECT decision_id, 'quote' AS what, quote AS text
FROM said
WHERE part_id NOT IN (SELECT part_id FROM ended) OR part_id IN (SELECT part_id FROM reopened)
UNION ALL
SELECT decision_id, role, person
FROM people
WHERE recorded_to IS NULL AND decision_id IN (SELECT decision_id FROM wanted)
ORDER BY ALL;
