-- Every place that was read, as its readers read it last: the newest batch with what its signature is made from, how
-- the place was declared (where that was not kept yet, a date that its open sessions were given stands for it), how
-- many batches there are, whether this one is the newest at its uri, and whether an open session is from there.
-- No parameters. By uri and reader.
WITH latest AS (
    SELECT source_id, max(batch_id) AS batch_id, count(*) AS batch_count FROM batches GROUP BY source_id
), held AS (
    SELECT source_id, min(started_at) FILTER (time_basis = 'given') AS given_at
    FROM sessions
    WHERE recorded_to IS NULL
    GROUP BY source_id
)
SELECT
    sources.uri, sources.reader, latest.batch_count, batches.batch_id, batches.signature, batches.input_fingerprint,
    batches.schema_fingerprint, batches.extractor_fingerprint, batches.output_fingerprint, batches.read_count,
    batches.kept_count, batches.quarantined_count, batches.set_aside, batches.decision_count, batches.declared,
    held.given_at, held.source_id IS NOT NULL AS is_held,
    batches.batch_id = max(batches.batch_id) OVER (PARTITION BY sources.uri) AS is_newest
FROM latest
JOIN batches ON batches.batch_id = latest.batch_id
JOIN sources ON sources.source_id = latest.source_id
LEFT JOIN held ON held.source_id = latest.source_id
ORDER BY sources.uri, sources.reader
