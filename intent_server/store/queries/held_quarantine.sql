-- The refused items of a place that are open, or that a person dismissed; not those that a review left for a person.
-- $uri VARCHAR, $reader VARCHAR; $is_file BOOLEAN: of a file, whatever reader read it. By item_id.
SELECT quarantine.item_id, quarantine.fingerprint, quarantine.recorded_to IS NULL AS is_open
FROM quarantine
JOIN sources ON sources.source_id = quarantine.source_id
WHERE sources.uri = $uri
    AND (sources.reader = $reader OR CAST($is_file AS BOOLEAN))
    AND quarantine.stage <> 'review'
    AND (
        quarantine.recorded_to IS NULL
        OR quarantine.item_id IN (SELECT entity_id FROM audit WHERE entity_kind = 'quarantine' AND action = 'dismiss')
    )
ORDER BY quarantine.item_id
