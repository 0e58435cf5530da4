-- The refused items of a session, and those of its source that no other session accounts for. $session_id VARCHAR.
-- By item_id.
SELECT item_id, fingerprint
FROM quarantine
WHERE session_id = $session_id
    OR (
        session_id IS NULL
        AND source_id IN (SELECT source_id FROM sessions WHERE session_id = $session_id)
        AND source_id NOT IN (
            SELECT source_id FROM sessions WHERE session_id <> $session_id AND identity <> 'forgotten'
        )
    )
ORDER BY item_id
