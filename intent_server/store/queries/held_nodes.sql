-- The nodes held now. $system VARCHAR, $projects VARCHAR: a JSON list. By project, unique_id.
SELECT project, unique_id, fingerprint
FROM nodes
WHERE recorded_to IS NULL AND system = $system AND project IN (SELECT unnest(from_json($projects, '["VARCHAR"]')))
ORDER BY project, unique_id
