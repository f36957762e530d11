"""Where the next page of a long list begins, as an address names it."""

from django.http import Http404, HttpRequest

DIGITS = 18


def number_in(request: HttpRequest, name: str) -> int:
    """Return the whole number that the address gives under `name`, else 0; Http404 for others."""
    told = request.GET.get(name, "0")
    if not (told.isascii() and told.isdigit() and len(told) <= DIGITS):
        raise Http404
    return int(told)
