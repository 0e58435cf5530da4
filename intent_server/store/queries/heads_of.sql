-- What names these sessions and when they were, for those held now: as `session_heads`, but for where they came from.
-- $session_ids VARCHAR[].
-- Order: none.
SELECT
    session_id, source_id, source_kind, native_id, title, started_at,
    CASE WHEN time_basis <> 'assumed' THEN greatest(started_at, ended_at) END AS spoken_until
FROM sessions
WHERE session_id IN CAST($session_ids AS VARCHAR[]) AND recorded_to IS NULL
