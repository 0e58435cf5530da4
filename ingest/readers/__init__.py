"""One reader a file: a module here that defines READER is found by the registry."""
