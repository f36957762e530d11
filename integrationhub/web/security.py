"""Response headers that browsers enforce: the content security policy."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class ContentSecurityPolicyMiddleware:
    """Sends the policy of SECURE_CSP with every answer; nothing inline is ever allowed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Write the policy once."""
        self._get_response = get_response
        directives = settings.SECURE_CSP.items()
        self._policy = "; ".join(f"{name} {' '.join(values)}" for name, values in directives)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the policy unless the view has set one of its own."""
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", self._policy)
        return response
