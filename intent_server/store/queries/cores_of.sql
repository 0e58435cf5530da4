-- What these decisions are about: as `decision_cores`, but for where they were said.
-- $decision_ids VARCHAR[].
-- Order: by id.
SELECT decision_id, subject, choice, confidence, decided_at
FROM decisions
WHERE decision_id IN CAST($decision_ids AS VARCHAR[]) AND recorded_to IS NULL
ORDER BY decision_id
