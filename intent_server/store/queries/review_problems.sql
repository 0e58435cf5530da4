-- Acts, versions and intervals that do not fit: an act upon nothing, versions of one thing that overlap, and a decision
-- that held on after what replaced it began. No parameters. By kind and id.
WITH versions AS (
    SELECT 'decision' AS kind, decision_id AS id, recorded_from, recorded_to FROM decisions
    UNION ALL
    SELECT 'part', part_id, recorded_from, recorded_to FROM parts
), following AS (
    SELECT
        kind, id, recorded_from, recorded_to,
        lead(recorded_from) OVER (PARTITION BY kind, id ORDER BY recorded_from, recorded_to NULLS LAST) AS next_from
    FROM versions
)
SELECT 'review' AS kind, review_id AS id, 'the decision it is upon is not there' AS problem
FROM reviews
WHERE decision_id NOT IN (SELECT decision_id FROM decisions)
UNION ALL
SELECT 'review', review_id, 'the decision it names as newer is not there'
FROM reviews
WHERE other_decision_id IS NOT NULL AND other_decision_id NOT IN (SELECT decision_id FROM decisions)
UNION ALL
SELECT DISTINCT kind, id, 'two of its versions overlap'
FROM following
WHERE recorded_to < recorded_from OR recorded_to > next_from OR (recorded_to IS NULL AND next_from IS NOT NULL)
UNION ALL
SELECT 'decision', older.decision_id, 'it holds on after decision ' || newer.decision_id || ', which replaced it, began'
FROM links
JOIN decisions AS newer ON newer.decision_id = links.decision_id AND newer.recorded_to IS NULL
JOIN decisions AS older ON older.decision_id = links.target AND older.recorded_to IS NULL
WHERE links.recorded_to IS NULL
    AND links.relation = 'supersedes'
    AND links.target_kind = 'decision'
    AND newer.valid_from IS NOT NULL
    AND (newer.valid_to IS NULL OR newer.valid_from < newer.valid_to)
    AND (older.valid_to IS NULL OR older.valid_to > newer.valid_from)
    AND (older.valid_from IS NULL OR older.valid_to IS NULL OR older.valid_from < older.valid_to)
ORDER BY kind, id, problem
