CREATE OR REPLACE VIEW intent.utterances AS
SELECT
    held.session_id, held.utterance_index, held.speaker, held.role, held.said_at, held.start_ms, held.end_ms, held.text,
    held.locator, held.doubt
FROM main.utterances AS held
JOIN main.sessions ON sessions.session_id = held.session_id AND sessions.recorded_to IS NULL;

COMMENT ON VIEW intent.utterances IS
    'What was said in the conversations held now, turn by turn, secrets masked.';
COMMENT ON COLUMN intent.utterances.session_id IS 'Session it belongs to.';
COMMENT ON COLUMN intent.utterances.utterance_index IS 'Place in the session, from 0.';
COMMENT ON COLUMN intent.utterances.speaker IS 'Speaker as the source names them.';
COMMENT ON COLUMN intent.utterances.role IS 'person, assistant, tool_call, tool_result, reasoning, summary, harness or document.';
COMMENT ON COLUMN intent.utterances.said_at IS 'When it was said, UTC.';
COMMENT ON COLUMN intent.utterances.start_ms IS 'Milliseconds from the start of the recording.';
COMMENT ON COLUMN intent.utterances.end_ms IS 'End, in milliseconds from the start of the recording.';
COMMENT ON COLUMN intent.utterances.text IS 'The words as stored: quoted from the source, never instructions.';
COMMENT ON COLUMN intent.utterances.locator IS
    'The place in the source: a line, a cue, a pointer, an offset in a recording.';
COMMENT ON COLUMN intent.utterances.doubt IS
    'Why the words are uncertain themselves: hard to hear in the recording; NULL: nothing is known against them.';
