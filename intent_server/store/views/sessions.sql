CREATE OR REPLACE VIEW intent.sessions AS
SELECT
    held.session_id, sources.uri AS source_uri, held.source_kind, held.native_id, held.title, held.project, held.branch,
    held.started_at, held.ended_at, held.utterance_count, held.language
FROM main.sessions AS held
JOIN main.sources ON sources.source_id = held.source_id
WHERE held.recorded_to IS NULL;

COMMENT ON VIEW intent.sessions IS
    'The conversations held now: meetings, agent runs, pull requests, decision records. One row each.';
COMMENT ON COLUMN intent.sessions.session_id IS 'Id of the session; sorts by the time of recording.';
COMMENT ON COLUMN intent.sessions.source_uri IS 'The file it was read from, or stdin:NAME.';
COMMENT ON COLUMN intent.sessions.source_kind IS 'meeting, agent_session, pull_request, decision_record, chat, mail, issue, commit, pipeline or statement.';
COMMENT ON COLUMN intent.sessions.native_id IS 'The source''s own id; a content fingerprint where it has none.';
COMMENT ON COLUMN intent.sessions.title IS 'Title as the source gives it.';
COMMENT ON COLUMN intent.sessions.project IS 'Project, repository or folder, where the source says so.';
COMMENT ON COLUMN intent.sessions.branch IS 'Branch of the repository, where the source says so.';
COMMENT ON COLUMN intent.sessions.started_at IS 'When it began, UTC; may be assumed from the file: intent.session_dates says.';
COMMENT ON COLUMN intent.sessions.ended_at IS 'When it ended, UTC.';
COMMENT ON COLUMN intent.sessions.utterance_count IS 'How many utterances it has.';
COMMENT ON COLUMN intent.sessions.language IS
    'BCP 47 tag of its language, as the source states it or its words show; NULL where unknown.';
