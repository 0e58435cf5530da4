CREATE OR REPLACE VIEW intent.session_dates AS
SELECT held.session_id, held.started_at, held.time_basis
FROM main.sessions AS held
WHERE held.recorded_to IS NULL;

COMMENT ON VIEW intent.session_dates IS
    'How the date of each session is known: a decision''s decided_at is no better than its session''s.';
COMMENT ON COLUMN intent.session_dates.session_id IS 'Id of the session.';
COMMENT ON COLUMN intent.session_dates.started_at IS 'When it began, UTC; as in intent.sessions.';
COMMENT ON COLUMN intent.session_dates.time_basis IS
    'source: it says so. given: by --date. name: in the file''s name. assumed: the file''s time. unknown: no date.';
