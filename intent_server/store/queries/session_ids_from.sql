-- Ids of the sessions held now that begin so. $start VARCHAR, $limit BIGINT. Order: the newest first.
SELECT session_id
FROM sessions
WHERE recorded_to IS NULL AND starts_with(session_id, $start)
ORDER BY session_id DESC
LIMIT $limit
