"""Faults that a sync must survive, each played by the sandboxes over real HTTP."""
