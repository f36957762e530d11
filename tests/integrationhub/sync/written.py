"""What the hub has written down, as a whole, for tests that nothing of it has changed."""

from django.apps import apps


def everything():
    """Every row of the hub, without who works on a store."""
    tables = apps.get_app_config("integrationhub").get_models()
    return {
        model.__name__: [
            {name: value for name, value in row.items() if not name.startswith("lease_")}
            for row in model.objects.order_by("pk").values()
        ]
        for model in tables
    }
