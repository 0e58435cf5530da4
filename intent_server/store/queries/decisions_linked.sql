-- Which decisions have an open link to a thing outside the store that no anchor stands for: what their source names.
-- $target VARCHAR: as asked for. $file VARCHAR: the same without a line number, slashes forward.
-- A target fits when it is what was asked for; when one of the two paths, lines put aside, is the end of the other; or
-- when it is a commit's full hash, or a pull request or issue of that number (`#12`, GitLab's `!12`, Gerrit's `~12`).
-- Order: the very target first, then decisions linked by the strongest method, then newest.
WITH asked AS (
    SELECT lower(CAST($target AS VARCHAR)) AS target, lower(CAST($file AS VARCHAR)) AS file
),
named AS (
    SELECT
        decision_id, link_id, method, target_kind, lower(target) AS target,
        regexp_replace(lower(target), ':l?[0-9]+(-l?[0-9]+)?$', '') AS file
    FROM links
    ANTI JOIN (SELECT stated_link_id FROM anchor_links WHERE recorded_to IS NULL) AS tied
        ON tied.stated_link_id = links.link_id
    WHERE recorded_to IS NULL AND target_kind NOT IN ('decision', 'record', 'superseded_by')
)
SELECT named.decision_id
FROM named
CROSS JOIN asked
WHERE named.target = asked.target
    OR named.file = asked.file
    OR ends_with(named.file, '/' || asked.file)
    OR (contains(named.file, '/') AND ends_with(asked.file, '/' || named.file))
    OR (named.target_kind = 'commit' AND length(asked.target) >= 7 AND starts_with(named.target, asked.target))
    OR (named.target_kind IN ('pull_request', 'issue') AND ends_with(named.target, '#' || ltrim(asked.target, '#')))
    OR (named.target_kind = 'pull_request' AND asked.target[1] IN ('!', '~') AND ends_with(named.target, asked.target))
    OR (named.target_kind IN ('pull_request', 'issue') AND ends_with(asked.target, '/' || named.target))
GROUP BY named.decision_id
ORDER BY
    bool_or(named.target = asked.target) DESC,
    min(list_position(['explicit', 'same_change', 'blame', 'name', 'similar'], named.method)), max(named.link_id) DESC;
