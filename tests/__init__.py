"""The tests: one folder a room, one file a verb."""
