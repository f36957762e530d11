"""The program's addresses, and some where a page goes wrong as it is asked to."""

from allauth.core.ratelimit import respond_429
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from django.views.csrf import csrf_failure

from integrationhub.web.mixins import VIEWERS_ONLY_LOOK


def go_wrong(request: HttpRequest, status: int) -> HttpResponse:
    """Answer with this status, as Django and the program do when it comes about."""
    if status == 429:
        refused: HttpResponse = respond_429(request)
        return refused
    errors = {400: BadRequest(), 403: PermissionDenied(VIEWERS_ONLY_LOOK), 404: Http404()}
    raise errors.get(status, RuntimeError("as it was asked to"))


urlpatterns = [
    path("wrong/form/", csrf_failure),
    path("wrong/<int:status>/", go_wrong),
    path("", include("integrationhub.urls")),
]
