"""Generated histories of a store and an account, judged by a small model of who may be mailed."""
