-- Which commits implement which decisions, and how is that known?
SELECT
    decisions.choice, commits.subject AS "commit", strftime(commits.authored_at, '%Y-%m-%d') AS made,
    commits.author, links.method
FROM intent.links AS links
JOIN intent.decisions AS decisions ON decisions.decision_id = links.decision_id AND decisions.recorded_to IS NULL
JOIN intent.anchors AS anchors ON anchors.anchor_id = links.anchor_id AND anchors.kind = 'commit'
JOIN intent.commits AS commits ON commits.repository = anchors.scope AND commits.sha = anchors.name
WHERE links.recorded_to IS NULL AND links.relation = 'implements'
ORDER BY commits.authored_at, decisions.choice, links.method
