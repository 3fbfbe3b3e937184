"""The API, version 1: the same commands and queries as the pages, answered as JSON; one file per module."""
