-- For each choice: who said it, in which session, and at which moment of it?
SELECT decisions.choice, utterances.speaker, sessions.title, utterances.locator, evidence.quote
FROM intent.decisions AS decisions
JOIN intent.evidence AS evidence ON evidence.decision_id = decisions.decision_id AND evidence.part = 'choice'
JOIN intent.utterances AS utterances
    ON utterances.session_id = evidence.session_id AND utterances.utterance_index = evidence.utterance_index
JOIN intent.sessions AS sessions ON sessions.session_id = evidence.session_id
WHERE decisions.recorded_to IS NULL AND NOT decisions.is_doubtful
ORDER BY decisions.decided_at, decisions.choice, evidence.utterance_index, evidence.start_char
