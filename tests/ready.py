"""Makes the program ready in a process that neither pytest nor manage.py has started."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()
