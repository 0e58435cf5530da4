-- The requests that list a commit whose hash begins so: commits of a branch that the main line may not have.
-- $prefix VARCHAR: 7 or more hex digits. By native_id.
SELECT DISTINCT sessions.native_id
FROM utterances
JOIN sessions ON sessions.session_id = utterances.session_id AND sessions.recorded_to IS NULL
WHERE sessions.source_kind = 'pull_request' AND utterances.topic LIKE 'commit %'
    AND starts_with(utterances.native_id, $prefix)
ORDER BY sessions.native_id
