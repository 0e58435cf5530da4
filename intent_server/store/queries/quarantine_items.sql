-- Open refused items with their source. $item_id VARCHAR: only this one (its beginning is enough); NULL for all.
-- $limit BIGINT, $offset BIGINT.
-- Order: newest first, then by id.
SELECT
    quarantine.item_id, sources.uri AS source, quarantine.stage, quarantine.reason, quarantine.place, quarantine.text,
    quarantine.recorded_from
FROM quarantine
JOIN sources ON sources.source_id = quarantine.source_id
WHERE quarantine.recorded_to IS NULL
    AND (CAST($item_id AS VARCHAR) IS NULL OR starts_with(quarantine.item_id, CAST($item_id AS VARCHAR)))
ORDER BY quarantine.recorded_from DESC, quarantine.item_id DESC
LIMIT CAST($limit AS BIGINT) OFFSET CAST($offset AS BIGINT)
