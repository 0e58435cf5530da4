-- Deletes the refused items of sessions, those of their sources that no other session accounts for, and what tells of
-- decisions. $ids, $sessions VARCHAR: JSON lists of decision ids and of session ids.
DELETE FROM quarantine
WHERE session_id IN (SELECT unnest(from_json($sessions, '["VARCHAR"]')))
    OR (
        stage = 'review'
        AND replace(place, 'decision ', '') IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))
    )
    OR (
        session_id IS NULL
        AND source_id IN (
            SELECT source_id FROM sessions WHERE session_id IN (SELECT unnest(from_json($sessions, '["VARCHAR"]')))
        )
        AND source_id NOT IN (
            SELECT source_id
            FROM sessions
            WHERE session_id NOT IN (SELECT unnest(from_json($sessions, '["VARCHAR"]'))) AND identity <> 'forgotten'
        )
    )
