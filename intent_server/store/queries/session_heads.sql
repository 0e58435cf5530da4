-- The sessions held now in whose names some words stand: what names them and when they were. Of a file's time that stands
-- in for a date `spoken_until` says nothing: nobody spoke then.
-- $words VARCHAR: case folded, slashes forward; '' for all. Letters that lower() leaves and folding replaces, as the
-- Greek final sigma, are replaced in the names; the points that folding sets apart from a letter count nowhere.
-- That takes four times as long, so names of ASCII alone, of as many bytes as characters, go without.
-- $number VARCHAR: the decision records too that have it in their title or address; NULL for none.
-- Order: newest first, then by id.
WITH named AS (
    SELECT
        sessions.*, sources.uri,
        concat_ws(' ', sessions.session_id, sessions.native_id, sessions.title, sources.uri) AS names,
        strlen(names) = length(names) AS is_ascii
    FROM sessions
    JOIN sources ON sources.source_id = sessions.source_id
    WHERE sessions.recorded_to IS NULL
),
apart AS (SELECT chr(769) || chr(775) || chr(776) AS points)
SELECT
    session_id, source_id, source_kind, native_id, title, started_at,
    CASE WHEN time_basis <> 'assumed' THEN greatest(started_at, ended_at) END AS spoken_until, uri
FROM named
CROSS JOIN apart
WHERE contains(
        CASE
            WHEN is_ascii THEN replace(lower(names), '\', '/')
            ELSE replace(replace(translate(lower(names), '\ςµΐΰ' || points, '/σμιυ'), 'ß', 'ss'), 'և', 'եւ')
        END,
        translate($words, points, '')
    )
    OR (source_kind = 'decision_record' AND contains(names, $number))
ORDER BY started_at DESC NULLS LAST, session_id
