-- Every act with the fingerprint that the audit has of it. No parameters. By review_id.
SELECT
    review_id, decision_id, reviews.action, reviews.actor, client, reviews.reason, other_decision_id, mark, changes,
    reviews.recorded_from, recorded_to, undone_by, undone_reason, audit.after_fingerprint AS told
FROM reviews
LEFT JOIN audit ON audit.entity_kind = 'review' AND audit.action = 'add' AND audit.entity_id = reviews.review_id
ORDER BY review_id
