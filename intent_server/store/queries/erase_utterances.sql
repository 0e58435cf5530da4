-- Deletes the utterances rows of sessions. $sessions VARCHAR: a JSON list of session ids.
DELETE FROM utterances WHERE session_id IN (SELECT unnest(from_json($sessions, '["VARCHAR"]')))
