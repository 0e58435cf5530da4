-- What a recording may mention, with how many decisions or conversations know of it: who spoke or decided, what
-- decisions are tied to, pipelines' models and columns, and what decisions are about (whole subjects, to be taken apart).
-- No parameters. By kind, the best known first; at most 2,000 of each kind.
WITH held AS (
    SELECT decision_id, subject FROM decisions WHERE recorded_to IS NULL AND NOT is_doubtful
),
named AS (
    SELECT 'person' AS kind, people.person AS name, count(DISTINCT people.decision_id) AS uses
    FROM people
    SEMI JOIN held ON held.decision_id = people.decision_id
    WHERE people.recorded_to IS NULL
    GROUP BY people.person
    UNION ALL
    SELECT 'person', utterances.speaker, count(DISTINCT utterances.session_id)
    FROM utterances
    JOIN sessions ON sessions.session_id = utterances.session_id AND sessions.recorded_to IS NULL
    WHERE utterances.speaker IS NOT NULL AND utterances.role = 'person'
    GROUP BY utterances.speaker
    UNION ALL
    SELECT anchors.kind, anchors.name, count(DISTINCT tied.decision_id)
    FROM anchor_links AS tied
    SEMI JOIN held ON held.decision_id = tied.decision_id
    JOIN anchors ON anchors.anchor_id = tied.anchor_id
    WHERE tied.recorded_to IS NULL
    GROUP BY anchors.kind, anchors.name
    UNION ALL
    SELECT 'node', name, 0
    FROM nodes
    WHERE recorded_to IS NULL AND kind NOT IN ('test', 'unit_test', 'operation')  -- nobody speaks of a test by its name
    GROUP BY name
    UNION ALL
    SELECT 'column', column_name, 0 FROM node_columns WHERE recorded_to IS NULL GROUP BY column_name
    UNION ALL
    SELECT 'subject', subject, count(*) FROM held GROUP BY subject
)
SELECT kind, name, max(uses) AS uses
FROM named
GROUP BY kind, name
QUALIFY row_number() OVER (PARTITION BY kind ORDER BY max(uses) DESC, name) <= 2000
ORDER BY kind, uses DESC, name
