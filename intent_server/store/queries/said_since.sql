-- What waits because a source says another status than its reviewed decision has. $says VARCHAR: how the reason begins.
-- By item_id. `is_so`: the decision is held and has that status now, or is held no longer.
SELECT
    quarantine.item_id, quarantine.fingerprint, quarantine.reason,
    replace(quarantine.place, 'decision ', '') AS decision_id,
    decisions.status IS NULL OR quarantine.reason = CAST($says AS VARCHAR) || decisions.status AS is_so
FROM quarantine
LEFT JOIN decisions
    ON decisions.decision_id = replace(quarantine.place, 'decision ', '') AND decisions.recorded_to IS NULL
WHERE quarantine.stage = 'review'
    AND quarantine.recorded_to IS NULL
    AND starts_with(quarantine.reason, CAST($says AS VARCHAR))
ORDER BY quarantine.item_id
