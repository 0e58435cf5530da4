-- These decisions as they are held now. One table alone: a join costs more here than the rows.
-- $decision_ids VARCHAR[].
-- Order: none.
SELECT
    decision_id, subject, status, authority, confidence, decided_at, valid_from, valid_to, recorded_from, session_id,
    is_doubtful
FROM decisions
WHERE decision_id IN CAST($decision_ids AS VARCHAR[]) AND recorded_to IS NULL
