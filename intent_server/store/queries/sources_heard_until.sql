-- The newest moment that any session of these sources speaks of, of those held now; a file's time that stands in for a
-- date says nothing.
-- $source_ids VARCHAR[]. One row.
SELECT max(greatest(started_at, ended_at))
FROM sessions
WHERE source_id IN CAST($source_ids AS VARCHAR[]) AND recorded_to IS NULL AND time_basis <> 'assumed'
