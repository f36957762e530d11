"""Tests of the BigCommerce client and of its sandbox."""
