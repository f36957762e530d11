"""The staff's view of every tenant."""
