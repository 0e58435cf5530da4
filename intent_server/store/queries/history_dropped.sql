-- Decisions that are not held now, the words of each as they were last: closed ones, and those that were dismissed.
-- $beginnings VARCHAR[]: lower-case beginnings of words that subject and choice together must hold, each of them.
-- Order: by id.
WITH dropped AS (
    SELECT
        decision_id,
        arg_max(subject || chr(10) || choice, recorded_from) AS text,
        bool_or(recorded_to IS NULL) AS is_open
    FROM decisions
    GROUP BY decision_id
)
SELECT dropped.decision_id, dropped.text
FROM dropped
WHERE (
        NOT dropped.is_open
        OR dropped.decision_id IN (SELECT decision_id FROM reviews WHERE action = 'dismissed' AND recorded_to IS NULL)
    )
    AND list_bool_and([contains(lower(dropped.text), beginning) FOR beginning IN CAST($beginnings AS VARCHAR[])])
ORDER BY dropped.decision_id;
