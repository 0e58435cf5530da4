-- The last runs of a node, newest first. $system VARCHAR, $project VARCHAR, $unique_id VARCHAR, $limit BIGINT.
SELECT run_id, native_id, version_id, status, started_at, ended_at, nominal_start, nominal_end, message, row_count
FROM runs
WHERE recorded_to IS NULL AND system = $system AND project = $project AND unique_id = $unique_id
ORDER BY started_at DESC NULLS LAST, run_id DESC
LIMIT $limit
