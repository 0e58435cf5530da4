-- The utterances of a session that were said after the moment of a past. $session_id VARCHAR. By utterance_index.
SELECT utterance_index FROM later WHERE session_id = $session_id ORDER BY utterance_index
