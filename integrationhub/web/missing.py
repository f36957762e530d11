"""What is answered where a page has nothing to show: the same, DEBUG on or off."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.defaults import page_not_found


class MissingPageMiddleware:
    """Answers a view's 404 with the page for it, where DEBUG would tell of the query instead.

    The demo runs with DEBUG on, and so shows what everybody is shown.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take what answers the request."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as ever."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page where a view has found nothing."""
        return page_not_found(request, exception) if isinstance(exception, Http404) else None
