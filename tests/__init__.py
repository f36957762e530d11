"""Tests of the whole program, by its front doors."""
