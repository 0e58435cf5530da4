-- Rows that belong to nothing. No parameters. By kind and id.
SELECT 'utterances' AS kind, session_id AS id, 'its session is not there' AS problem
FROM utterances
WHERE session_id NOT IN (SELECT session_id FROM sessions)
GROUP BY session_id
UNION ALL
SELECT 'session', session_id, 'its source is not there'
FROM sessions
WHERE source_id NOT IN (SELECT source_id FROM sources)
UNION ALL
SELECT 'session', session_id, 'it is open more than once'
FROM sessions
WHERE recorded_to IS NULL
GROUP BY session_id
HAVING count(*) > 1
UNION ALL
SELECT 'decision', decision_id, 'it is open while its session is not'
FROM decisions
WHERE recorded_to IS NULL AND session_id NOT IN (SELECT session_id FROM sessions WHERE recorded_to IS NULL)
UNION ALL
SELECT 'decision', decision_id, 'it is open more than once'
FROM decisions
WHERE recorded_to IS NULL
GROUP BY decision_id
HAVING count(*) > 1
UNION ALL
SELECT 'decision', decision_id, 'it has no choice'
FROM decisions
WHERE decision_id NOT IN (SELECT decision_id FROM parts WHERE kind = 'choice')
UNION ALL
SELECT 'part', part_id, 'its decision is not there'
FROM parts
WHERE decision_id NOT IN (SELECT decision_id FROM decisions)
UNION ALL
SELECT 'part', part_id, 'nothing is quoted for it'
FROM parts
WHERE part_id NOT IN (SELECT part_id FROM evidence)
UNION ALL
SELECT 'evidence', evidence_id, 'its part is not there'
FROM evidence
WHERE part_id NOT IN (SELECT part_id FROM parts)
UNION ALL
SELECT 'link', link_id, 'its decision is not there'
FROM links
WHERE decision_id NOT IN (SELECT decision_id FROM decisions)
UNION ALL
SELECT 'link', link_id, 'the decision it points to is not there'
FROM links
WHERE target_kind = 'decision' AND target NOT IN (SELECT decision_id FROM decisions)
UNION ALL
SELECT 'quarantine', item_id, 'its batch is not there'
FROM quarantine
WHERE stage <> 'review' AND batch_id NOT IN (SELECT batch_id FROM batches)
ORDER BY kind, id
