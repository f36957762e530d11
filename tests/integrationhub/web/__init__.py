"""Tests of the marketer's pages, by a browser's requests."""
