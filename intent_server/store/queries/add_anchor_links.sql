-- Links from decisions to anchors, from now on. $rows VARCHAR: a JSON list of objects, one a row; absent keys are NULL.
INSERT INTO anchor_links BY NAME
SELECT given.*
FROM (
    SELECT unnest(from_json($rows, '[{
        "link_id": "VARCHAR", "decision_id": "VARCHAR", "relation": "VARCHAR", "anchor_id": "VARCHAR",
        "method": "VARCHAR", "stated_link_id": "VARCHAR", "session_id": "VARCHAR",
        "utterance_index": "BIGINT", "evidence": "VARCHAR", "recorded_from": "TIMESTAMP",
        "recorded_to": "TIMESTAMP"
    }]')) AS given
)
