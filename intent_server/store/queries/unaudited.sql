-- Where rows and the audit table tell different things: what is open though the audit does not say so, what the audit
-- says is there and is not, and a status that no recorded change led to (for changes of stores of schema 2, which told
-- no fingerprint of what they led to). No parameters. By kind and id.
WITH last AS (
    SELECT entity_kind, entity_id, arg_max(action, audit_no) AS action
    FROM audit
    GROUP BY entity_kind, entity_id
), told AS (
    SELECT entity_kind, entity_id
    FROM last
    WHERE action IN ('add', 'append', 'change') AND entity_kind NOT IN ('commits', 'repository', 'pipeline')
), held AS (
    SELECT DISTINCT 'session' AS entity_kind, session_id AS entity_id FROM sessions WHERE recorded_to IS NULL
    UNION ALL
    SELECT DISTINCT 'decision', decision_id FROM decisions WHERE recorded_to IS NULL
    UNION ALL
    SELECT 'link', link_id FROM links
    WHERE recorded_to IS NULL AND relation = 'supersedes' AND target_kind = 'decision'
    UNION ALL
    SELECT 'batch', batch_id FROM batches
    UNION ALL
    SELECT 'source', source_id FROM sources
    UNION ALL
    SELECT 'review', review_id FROM reviews WHERE recorded_to IS NULL
    UNION ALL
    SELECT 'quarantine', item_id FROM quarantine WHERE recorded_to IS NULL
), moved AS (
    SELECT
        entity_id,
        arg_max(split_part(reason, ' -> ', 2), audit_no) AS status,
        arg_max(after_fingerprint, audit_no) AS told
    FROM audit
    WHERE entity_kind = 'decision' AND action = 'change'
    GROUP BY entity_id
), born AS (
    SELECT decision_id, arg_min(status, recorded_from) AS status FROM decisions GROUP BY decision_id
)
SELECT entity_kind AS kind, entity_id AS id, 'the audit does not tell of it' AS problem
FROM held ANTI JOIN told USING (entity_kind, entity_id)
UNION ALL
SELECT entity_kind, entity_id, 'the audit tells of it, and it is gone or closed'
FROM told ANTI JOIN held USING (entity_kind, entity_id)
UNION ALL
SELECT 'decision', decisions.decision_id, 'its status is not the one that its recorded changes lead to'
FROM decisions
JOIN born ON born.decision_id = decisions.decision_id
LEFT JOIN moved ON moved.entity_id = decisions.decision_id
WHERE decisions.recorded_to IS NULL
    AND coalesce(moved.told, decisions.fingerprint) = decisions.fingerprint
    AND decisions.status <> coalesce(moved.status, born.status)
UNION ALL
SELECT 'link', links.link_id, 'it does not join the decisions that the audit names'
FROM links
JOIN audit ON audit.entity_kind = 'link' AND audit.action = 'add' AND audit.entity_id = links.link_id
WHERE audit.reason <> links.decision_id || ' supersedes ' || links.target
UNION ALL
SELECT last.entity_kind, last.entity_id, 'the audit tells of it, and it is gone'
FROM last
WHERE (last.entity_kind = 'commits' AND last.entity_id NOT IN (SELECT repository || '@' || sha FROM commits))
    OR (last.entity_kind = 'repository' AND last.entity_id NOT IN (SELECT repository FROM repositories))
    OR (last.entity_kind = 'pipeline' AND last.entity_id NOT IN (SELECT system || ' ' || project FROM nodes))
UNION ALL
SELECT 'batch', batches.batch_id, 'its signature is not the one that the audit names'
FROM batches
JOIN audit ON audit.entity_kind = 'batch' AND audit.action = 'add' AND audit.entity_id = batches.batch_id
WHERE audit.after_fingerprint <> batches.signature
ORDER BY kind, id
