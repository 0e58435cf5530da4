-- The quotes of these decisions, in every session where they stand.
-- $decision_ids VARCHAR[].
-- Order: by decision, then part, then as the part was extracted: ids rise in the order of its spans.
SELECT decision_id, part_id, evidence_id, session_id, utterance_index, start_char, end_char, quote
FROM evidence
WHERE decision_id IN CAST($decision_ids AS VARCHAR[])
ORDER BY decision_id, part_id, evidence_id
