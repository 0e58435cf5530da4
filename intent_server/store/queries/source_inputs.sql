-- Every place that was read, with the fingerprint of the bytes last read there and whether an open session is from there.
-- No parameters. By uri.
SELECT
    sources.uri,
    max_by(batches.input_fingerprint, batches.batch_id) AS input_fingerprint,
    bool_or(sources.source_id IN (SELECT source_id FROM sessions WHERE recorded_to IS NULL)) AS is_held
FROM sources
JOIN batches ON batches.source_id = sources.source_id
GROUP BY sources.uri
ORDER BY sources.uri
