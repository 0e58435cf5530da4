-- The sessions held now: what names them and when they were. Of a file's time that stands in for a date `spoken_until`
-- says nothing: nobody spoke then.
-- No parameters. Order: newest first, then by id.
SELECT
    sessions.session_id, sessions.source_id, sessions.source_kind, sessions.native_id, sessions.title,
    sessions.started_at,
    CASE WHEN sessions.time_basis <> 'assumed' THEN greatest(sessions.started_at, sessions.ended_at) END AS spoken_until,
    sources.uri
FROM sessions
JOIN sources ON sources.source_id = sessions.source_id
WHERE sessions.recorded_to IS NULL
ORDER BY sessions.started_at DESC NULLS LAST, sessions.session_id;
