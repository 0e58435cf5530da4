-- The sessions held now. No parameters. Order: by id.
SELECT session_id FROM sessions WHERE recorded_to IS NULL ORDER BY session_id
