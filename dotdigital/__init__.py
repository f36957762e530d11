"""A typed client for the parts of the Dotdigital API that keep address books in step."""
