-- Which decisions have an open link to a thing outside the store.
-- $target VARCHAR: as asked for. $file VARCHAR: the same without a line number.
-- A target fits when it is what was asked for, or the end of a path, or lines of that file, or a commit's full hash.
-- Order: decisions linked by the strongest method first, then newest.
SELECT decision_id
FROM links
WHERE recorded_to IS NULL
    AND target_kind NOT IN ('decision', 'record', 'superseded_by')
    AND (
        lower(target) IN (lower(CAST($target AS VARCHAR)), lower(CAST($file AS VARCHAR)))
        OR ends_with(lower(target), '/' || lower(CAST($file AS VARCHAR)))
        OR starts_with(lower(target), lower(CAST($file AS VARCHAR)) || ':')
        OR contains(lower(target), '/' || lower(CAST($file AS VARCHAR)) || ':')
        OR (target_kind = 'commit' AND length($target) >= 7 AND starts_with(lower(target), lower(CAST($target AS VARCHAR))))
        OR (target_kind IN ('pull_request', 'issue') AND ends_with(lower(target), '#' || ltrim(CAST($target AS VARCHAR), '#')))
    )
GROUP BY decision_id
ORDER BY min(list_position(['explicit', 'same_change', 'blame', 'name', 'similar'], method)), max(link_id) DESC;
