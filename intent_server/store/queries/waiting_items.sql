-- The open refused items by place, with how the place was declared when it was read last. Where that was not kept yet,
-- a date that its open sessions were given stands for it. No parameters. By uri, reader and item_id.
WITH latest AS (
    SELECT source_id, arg_max(declared, batch_id) AS declared FROM batches GROUP BY source_id
), dated AS (
    SELECT source_id, min(started_at) AS given_at
    FROM sessions
    WHERE recorded_to IS NULL AND time_basis = 'given'
    GROUP BY source_id
)
SELECT quarantine.item_id, sources.uri, sources.reader, latest.declared, dated.given_at
FROM quarantine
JOIN sources ON sources.source_id = quarantine.source_id
LEFT JOIN latest ON latest.source_id = quarantine.source_id
LEFT JOIN dated ON dated.source_id = quarantine.source_id
WHERE quarantine.recorded_to IS NULL
ORDER BY sources.uri, sources.reader, quarantine.item_id
