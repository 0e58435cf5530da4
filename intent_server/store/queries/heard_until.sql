-- The newest moment that any session held now speaks of. A file's time that stands in for a date says nothing.
-- No parameters. One row.
SELECT max(greatest(started_at, ended_at)) AS heard_until
FROM sessions
WHERE recorded_to IS NULL AND time_basis <> 'assumed'
