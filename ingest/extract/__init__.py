"""One pass a module: each takes a Draft and returns a Draft; the order is `ingest.pipeline.PASSES`."""
