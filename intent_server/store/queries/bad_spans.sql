-- Evidence whose quote is not what its span covers, or whose utterance is gone. No parameters. By evidence_id.
SELECT evidence.evidence_id, evidence.session_id, evidence.utterance_index, utterances.text IS NULL AS is_lost
FROM evidence
LEFT JOIN utterances
    ON utterances.session_id = evidence.session_id AND utterances.utterance_index = evidence.utterance_index
WHERE utterances.text IS NULL
    OR substr(utterances.text, evidence.start_char + 1, evidence.end_char - evidence.start_char) <> evidence.quote
ORDER BY evidence.evidence_id
