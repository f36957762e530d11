"""Tests of the pretend BigCommerce itself."""
