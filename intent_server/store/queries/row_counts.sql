-- How many rows of each kind are open, or there; links as intent.links shows them. No parameters. In reading order.
SELECT kind, found
FROM (
    SELECT 1 AS place, 'sources' AS kind, count(*) AS found FROM sources
    UNION ALL SELECT 2, 'batches', count(*) FROM batches
    UNION ALL SELECT 3, 'sessions', count(*) FROM sessions WHERE recorded_to IS NULL
    UNION ALL SELECT 4, 'utterances', count(*) FROM utterances
    UNION ALL SELECT 5, 'decisions', count(*) FROM decisions WHERE recorded_to IS NULL
    UNION ALL SELECT 6, 'evidence', count(*) FROM evidence
    UNION ALL SELECT 7, 'links', count(*) FROM (
        SELECT links.link_id
        FROM links
        ANTI JOIN anchor_links AS tied ON tied.stated_link_id = links.link_id
        WHERE links.recorded_to IS NULL
        UNION ALL
        SELECT link_id FROM anchor_links WHERE recorded_to IS NULL
    )
    UNION ALL SELECT 8, 'quarantine', count(*) FROM quarantine WHERE recorded_to IS NULL
    UNION ALL SELECT 9, 'audit', count(*) FROM audit
    UNION ALL SELECT 10, 'reviews', count(*) FROM reviews WHERE recorded_to IS NULL
    UNION ALL SELECT 11, 'documents', count(*) FROM documents
    UNION ALL SELECT 12, 'terms', count(*) FROM terms
    UNION ALL SELECT 13, 'postings', count(*) FROM postings
)
ORDER BY place
