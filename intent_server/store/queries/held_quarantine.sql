-- The refused items of a source that are open, or that a person dismissed. $source_id VARCHAR. By item_id.
SELECT item_id, fingerprint, recorded_to IS NULL AS is_open
FROM quarantine
WHERE source_id = $source_id
    AND (
        recorded_to IS NULL
        OR item_id IN (SELECT entity_id FROM audit WHERE entity_kind = 'quarantine' AND action = 'dismiss')
    )
ORDER BY item_id
