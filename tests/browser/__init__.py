"""Tests in a real browser, of pages that a real server serves and a real worker feeds."""
