-- When an utterance was said, as far as its session's dates tell, of an open session.
-- $session_id VARCHAR, $utterance_index BIGINT. One row or none.
SELECT coalesce(utterances.said_at, sessions.started_at) AS said_at, sessions.time_basis
FROM sessions
JOIN utterances ON utterances.session_id = sessions.session_id AND utterances.utterance_index = $utterance_index
WHERE sessions.session_id = $session_id AND sessions.recorded_to IS NULL
