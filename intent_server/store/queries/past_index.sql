-- The search index of a past: the documents that are the same as now, and room in schema `made` for those that are not.
-- No parameters.
-- Conversation that must be looked at anew: of sessions that ended, grew or were cut since.
CREATE TABLE unsettled AS
SELECT sessions.session_id
FROM sessions
LEFT JOIN store.main.sessions AS now ON now.session_id = sessions.session_id AND now.recorded_to IS NULL
JOIN lengths ON lengths.session_id = sessions.session_id
WHERE sessions.recorded_to IS NULL
    AND (
        now.session_id IS NULL
        OR now.utterance_count <> lengths.utterance_count
        OR sessions.session_id IN (SELECT session_id FROM later)
    );

CREATE SCHEMA made;

CREATE TABLE made.documents AS
SELECT held.*
FROM store.main.documents AS held
JOIN sessions ON sessions.session_id = held.session_id AND sessions.recorded_to IS NULL
WHERE held.kind = 'conversation' AND held.session_id NOT IN (SELECT session_id FROM unsettled)
UNION ALL
SELECT held.*
FROM store.main.documents AS held
JOIN decisions ON decisions.decision_id = held.decision_id AND decisions.recorded_to IS NULL
JOIN store.main.decisions AS now
    ON now.decision_id = held.decision_id
    AND now.recorded_to IS NULL
    AND now.session_id = decisions.session_id
    AND now.subject = decisions.subject
WHERE held.decision_id NOT IN (
    SELECT parts.decision_id
    FROM store.main.parts
    JOIN moment ON parts.recorded_from > moment.known_at OR parts.recorded_to > moment.known_at
);

CREATE TABLE made.terms AS SELECT * FROM store.main.terms LIMIT 0;
CREATE TABLE made.postings AS SELECT * FROM store.main.postings LIMIT 0;
CREATE TABLE made.vectors AS SELECT * FROM store.main.vectors LIMIT 0;

CREATE VIEW documents AS
SELECT * FROM made.documents;

CREATE VIEW postings AS
SELECT * FROM store.main.postings
UNION ALL
SELECT * FROM made.postings;

CREATE VIEW vectors AS
SELECT * FROM store.main.vectors
UNION ALL
SELECT * FROM made.vectors;

-- Counted when asked for: a question has few terms.
CREATE VIEW terms AS
SELECT named.term, named.term_no, count(*) AS document_count
FROM (
    SELECT term, term_no FROM store.main.terms
    UNION ALL
    SELECT term, term_no FROM made.terms WHERE term_no > (SELECT coalesce(max(term_no), 0) FROM store.main.terms)
) AS named
JOIN postings ON postings.term_no = named.term_no
JOIN documents ON documents.document_no = postings.document_no
GROUP BY named.term, named.term_no;
