-- The runs held now. $native_ids VARCHAR: a JSON list. By run_id.
SELECT run_id, system, project, unique_id, native_id, status, started_at, ended_at, nominal_start, nominal_end, message,
    row_count
FROM runs
WHERE recorded_to IS NULL AND native_id IN (SELECT unnest(from_json($native_ids, '["VARCHAR"]')))
ORDER BY run_id
