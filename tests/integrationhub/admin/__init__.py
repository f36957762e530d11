"""Tests of the staff's view of every tenant."""
