"""The commands that write an entity, take it away, and add fields to it: `python -m api entity --help`."""
