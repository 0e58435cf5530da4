-- The sources of sessions and the sessions of sources are found by their ids, as decisions are (0008): among 100,000
-- sessions of as many sources, naming those of a question took 20 ms.
CREATE INDEX sources_by_id ON sources (source_id);
CREATE INDEX sessions_by_source ON sessions (source_id);
