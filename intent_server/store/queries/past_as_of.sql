-- Of a past as past_known.sql made it, only what held in the world at moment.as_of. No parameters.
-- A decision holds from valid_from, unknown: from the start of its session, to valid_to.
CREATE TABLE holding AS
SELECT DISTINCT decisions.decision_id
FROM decisions
JOIN sessions ON sessions.session_id = decisions.session_id AND sessions.recorded_to IS NULL
CROSS JOIN moment
WHERE decisions.recorded_to IS NULL
    AND coalesce(decisions.valid_from, sessions.started_at, moment.as_of) <= moment.as_of
    AND coalesce(decisions.valid_to > moment.as_of, true);

-- Those that were replaced only later, with the status they had before: one that its source never called anything but
-- superseded was accepted until it was replaced.
CREATE TABLE restored AS
SELECT
    decisions.decision_id,
    coalesce(arg_max(before.status, before.recorded_from), 'accepted') AS status
FROM decisions
JOIN holding ON holding.decision_id = decisions.decision_id
LEFT JOIN decisions AS before ON before.decision_id = decisions.decision_id AND before.status <> 'superseded'
WHERE decisions.recorded_to IS NULL
    AND decisions.status = 'superseded'
    AND (
        decisions.valid_to IS NOT NULL
        OR (
            decisions.decision_id IN (
                SELECT target FROM links
                WHERE recorded_to IS NULL AND relation = 'supersedes' AND target_kind = 'decision'
            )
            AND decisions.decision_id NOT IN (
                SELECT links.target
                FROM links
                SEMI JOIN holding ON holding.decision_id = links.decision_id
                WHERE links.recorded_to IS NULL AND links.relation = 'supersedes' AND links.target_kind = 'decision'
            )
        )
    )
GROUP BY decisions.decision_id;

DELETE FROM decisions WHERE decision_id NOT IN (SELECT decision_id FROM holding);

UPDATE decisions
SET status = restored.status, valid_to = NULL
FROM restored
WHERE restored.decision_id = decisions.decision_id AND decisions.status = 'superseded';

DELETE FROM links
WHERE decision_id NOT IN (SELECT decision_id FROM holding)
    OR (
        relation = 'supersedes' AND target_kind = 'decision' AND target IN (SELECT decision_id FROM restored)
    )
    OR (target_kind = 'superseded_by' AND decision_id IN (SELECT decision_id FROM restored));

-- Links to commits that were made later, to lines as those have them, and to requests none of whose commits was there.
CREATE TABLE unmade AS
WITH meant AS (
    SELECT tied.link_id, tied.stated_link_id, coalesce(commits.committed_at, commits.authored_at) AS made_at
    FROM anchor_links AS tied
    JOIN anchors ON anchors.anchor_id = tied.anchor_id
    JOIN commits
        ON commits.repository = anchors.scope
        AND commits.sha = CASE WHEN anchors.kind = 'commit' THEN anchors.name ELSE anchors.commit_sha END
    UNION ALL
    SELECT tied.link_id, tied.stated_link_id, coalesce(commits.committed_at, commits.authored_at) AS made_at
    FROM anchor_links AS tied
    JOIN anchors ON anchors.anchor_id = tied.anchor_id
    JOIN commits
        ON commits.repository = anchors.scope
        AND CAST(commits.pull_request AS VARCHAR) = anchors.name
    WHERE anchors.kind = 'pull_request' AND tied.relation = 'implements'
)
SELECT meant.link_id, meant.stated_link_id
FROM meant
CROSS JOIN moment
GROUP BY meant.link_id, meant.stated_link_id
HAVING min(meant.made_at) > any_value(moment.as_of);

DELETE FROM links WHERE link_id IN (SELECT stated_link_id FROM unmade);

DELETE FROM anchor_links
WHERE decision_id NOT IN (SELECT decision_id FROM holding) OR link_id IN (SELECT link_id FROM unmade);

DELETE FROM reviews WHERE decision_id NOT IN (SELECT decision_id FROM holding);

INSERT INTO later
SELECT held.session_id, held.utterance_index
FROM store.main.utterances AS held
JOIN lengths ON lengths.session_id = held.session_id AND held.utterance_index < lengths.utterance_count
JOIN sessions ON sessions.session_id = held.session_id AND sessions.recorded_to IS NULL
JOIN moment ON greatest(held.said_at, sessions.started_at) > moment.as_of;

INSERT INTO unsaid
SELECT later.session_id, later.utterance_index
FROM later
ANTI JOIN evidence
    ON evidence.session_id = later.session_id AND evidence.utterance_index = later.utterance_index;

-- A session that began later is there only for decisions that held before it: ones that it dates back. What a person
-- dismissed held at no time.
DELETE FROM sessions
USING moment
WHERE sessions.started_at > moment.as_of
    AND sessions.session_id NOT IN (
        SELECT evidence.session_id
        FROM evidence
        ANTI JOIN reviews
            ON reviews.decision_id = evidence.decision_id AND reviews.action = 'dismissed' AND reviews.recorded_to IS NULL
    );

DELETE FROM decisions WHERE session_id NOT IN (SELECT session_id FROM sessions);

UPDATE sessions
SET
    utterance_count = coalesce(said.utterance_count, 0),
    ended_at = CASE WHEN sessions.ended_at > moment.as_of THEN said.ended_at ELSE sessions.ended_at END
FROM moment, (
    SELECT cut.session_id, max(utterances.utterance_index) + 1 AS utterance_count, max(utterances.said_at) AS ended_at
    FROM (SELECT DISTINCT session_id FROM unsaid) AS cut
    LEFT JOIN utterances ON utterances.session_id = cut.session_id
    GROUP BY cut.session_id
) AS said
WHERE said.session_id = sessions.session_id;
