"""Who acts in a request, for the activity that is written down meanwhile."""

from typing import Any

from auditlog.middleware import AuditlogMiddleware
from django.http import HttpRequest


class ActorMiddleware(AuditlogMiddleware):  # type: ignore[misc]  # auditlog tells no types
    """Names the person, and whether they act in the admin; where they sit is nobody's business."""

    def get_extra_data(self, request: HttpRequest) -> dict[str, Any]:
        """Return what is set on every entry of this request."""
        return {"actor": self._get_actor(request), "is_by_staff": lambda: _is_in_admin(request)}


def _is_in_admin(request: HttpRequest) -> bool:
    place = request.resolver_match
    return place is not None and place.app_name == "admin"
