"""The Dotdigital client, against its sandbox over real HTTP."""
