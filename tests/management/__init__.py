"""Commands of Django's that the tests do in their own way."""
