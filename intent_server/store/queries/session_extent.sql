-- How much sessions hold. $sessions VARCHAR: a JSON list of session ids. One row.
SELECT count(*) AS utterances
FROM utterances
WHERE session_id IN (SELECT unnest(from_json($sessions, '["VARCHAR"]')))
