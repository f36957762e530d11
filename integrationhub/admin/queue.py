"""django-q2's own rows, locked: whoever could add a schedule here could run any function."""

from django.contrib import admin
from django_q.models import Failure, OrmQ, Schedule, Success

from integrationhub.admin.read_only import FactAdmin

for model in (Failure, OrmQ, Schedule, Success):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(Schedule)
class ScheduleAdmin(FactAdmin[Schedule]):
    """What rings when."""

    list_display = ["name", "func", "schedule_type", "next_run", "repeats"]
    ordering = ["name"]


@admin.register(Failure)
class FailureAdmin(FactAdmin[Failure]):
    """Jobs that ended in an error; arguments are left out, for they may name people."""

    list_display = ["name", "func", "started", "stopped"]
    ordering = ["-started"]
    exclude = ["args", "kwargs", "hook"]
