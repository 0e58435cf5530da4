-- When the first and the last change of the record were recorded. No parameters. One row; NULL for an empty store.
SELECT min(recorded_from) AS first_at, max(recorded_from) AS last_at FROM audit
