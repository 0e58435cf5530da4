-- The words of decisions, but for doubtful ones. $ids VARCHAR: a JSON list of decision ids, NULL for all that are held. By decision, place.
SELECT evidence.decision_id, evidence.session_id, parts.kind, evidence.utterance_index, evidence.quote
FROM evidence
JOIN parts ON parts.part_id = evidence.part_id AND parts.recorded_to IS NULL
JOIN decisions
    ON decisions.decision_id = evidence.decision_id AND decisions.session_id = evidence.session_id
    AND decisions.recorded_to IS NULL AND NOT decisions.is_doubtful
WHERE $ids IS NULL OR evidence.decision_id IN (SELECT unnest(from_json(CAST($ids AS VARCHAR), '["VARCHAR"]')))
ORDER BY evidence.decision_id, evidence.utterance_index, evidence.start_char, evidence.evidence_id
