"""Faults of processes and of databases: real workers that are killed, stopped and cut off."""
