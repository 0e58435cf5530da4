-- Deletes the sessions rows of sessions. $sessions VARCHAR: a JSON list of session ids.
DELETE FROM sessions WHERE session_id IN (SELECT unnest(from_json($sessions, '["VARCHAR"]')))
