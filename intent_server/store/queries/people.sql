-- Who had which role in these decisions.
-- $decision_ids VARCHAR[].
-- Order: by decision, then role, then name.
SELECT decision_id, person, role
FROM people
WHERE decision_id IN CAST($decision_ids AS VARCHAR[])
    AND recorded_to IS NULL
ORDER BY decision_id, role, person;
