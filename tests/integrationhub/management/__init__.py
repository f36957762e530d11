"""Tests of the commands, by the front door: real processes, or Django's own way to call one."""
