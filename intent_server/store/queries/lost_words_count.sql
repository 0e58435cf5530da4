-- How many reviewed decisions of a place wait in quarantine because their words are gone. $uri VARCHAR. One row.
SELECT count(*)
FROM quarantine
JOIN sources ON sources.source_id = quarantine.source_id
WHERE sources.uri = $uri
    AND quarantine.stage = 'review'
    AND quarantine.recorded_to IS NULL
    AND NOT starts_with(quarantine.reason, 'the source now says: ')
