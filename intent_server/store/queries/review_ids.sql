-- Acts whose id begins or ends with these characters. $id VARCHAR. By id; at most 11.
SELECT review_id, decision_id, recorded_to IS NULL AS is_open
FROM reviews
WHERE starts_with(review_id, CAST($id AS VARCHAR)) OR ends_with(review_id, CAST($id AS VARCHAR))
ORDER BY review_id
LIMIT 11;
