-- The newest moment that a source in the store speaks of, and how many open sessions there are. A file's time that
-- stands in for a date says nothing of when anybody spoke, and is left out.
-- Order: one row.
SELECT
    max(greatest(started_at, ended_at)) FILTER (WHERE time_basis <> 'assumed') AS heard_until,
    count(*) AS sessions
FROM sessions
WHERE recorded_to IS NULL;
