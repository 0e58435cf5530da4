-- The exact words behind these decisions, or these evidence rows, and where they stand.
-- $decision_ids VARCHAR[], $evidence_ids VARCHAR[]: rows of either; an empty list for none.
-- Order: by decision, then part, then as the part was extracted: ids rise in the order of its spans.
SELECT
    evidence.decision_id, evidence.part_id, evidence.evidence_id, evidence.quote, evidence.start_char,
    evidence.end_char, evidence.session_id, coalesce(sessions.title, sources.uri) AS session, sources.uri AS source,
    evidence.utterance_index, utterances.speaker, coalesce(utterances.said_at, sessions.started_at) AS said_at,
    utterances.start_ms, utterances.locator, utterances.end_ms, utterances.doubt
FROM evidence
JOIN sessions ON sessions.session_id = evidence.session_id AND sessions.recorded_to IS NULL
JOIN sources ON sources.source_id = sessions.source_id
JOIN utterances
    ON utterances.session_id = evidence.session_id AND utterances.utterance_index = evidence.utterance_index
WHERE evidence.decision_id IN (SELECT unnest(CAST($decision_ids AS VARCHAR[])))
    OR evidence.evidence_id IN (SELECT unnest(CAST($evidence_ids AS VARCHAR[])))
ORDER BY evidence.decision_id, evidence.part_id, evidence.evidence_id;
