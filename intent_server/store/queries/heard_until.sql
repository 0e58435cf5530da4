-- The newest moment that anything in the store speaks of, and how many open sessions there are.
-- Order: one row.
SELECT
    greatest(
        (SELECT max(said_at) FROM utterances),
        (SELECT max(greatest(started_at, ended_at)) FROM sessions WHERE recorded_to IS NULL),
        (SELECT max(decided_at) FROM decisions WHERE recorded_to IS NULL)
    ) AS heard_until,
    (SELECT count(*) FROM sessions WHERE recorded_to IS NULL) AS sessions;
