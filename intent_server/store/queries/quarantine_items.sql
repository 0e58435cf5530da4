-- Refused items with their source and how they ended. $item_id VARCHAR: only this one (its beginning is enough); NULL
-- for all. $all BOOLEAN: those that are closed too. $limit BIGINT, $offset BIGINT.
-- Order: newest first, then by id.
WITH ends AS (
    SELECT entity_id, arg_max({'action': action, 'actor': actor, 'reason': reason}, audit_no) AS act
    FROM audit
    WHERE entity_kind = 'quarantine' AND action IN ('close', 'dismiss')
    GROUP BY entity_id
)
SELECT
    quarantine.item_id, sources.uri AS source, quarantine.stage, quarantine.reason, quarantine.place, quarantine.text,
    quarantine.recorded_from, quarantine.recorded_to, ends.act.action, ends.act.actor,
    coalesce(quarantine.dismissed_reason, ends.act.reason)
FROM quarantine
JOIN sources ON sources.source_id = quarantine.source_id
LEFT JOIN ends ON ends.entity_id = quarantine.item_id AND quarantine.recorded_to IS NOT NULL
WHERE (quarantine.recorded_to IS NULL OR CAST($all AS BOOLEAN))
    AND (CAST($item_id AS VARCHAR) IS NULL OR starts_with(quarantine.item_id, CAST($item_id AS VARCHAR)))
ORDER BY quarantine.recorded_from DESC, quarantine.item_id DESC
LIMIT CAST($limit AS BIGINT) OFFSET CAST($offset AS BIGINT)
