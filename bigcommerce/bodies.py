"""The body of an answer, read within bounds of size and time."""

import time
from typing import cast

import requests
from urllib3.response import HTTPResponse

_CHUNK = 256 * 1024


class TooLargeError(Exception):
    """The body is larger than the caller allows."""


class TooSlowError(Exception):
    """The body was not complete when the caller's time was up."""


def read_body(response: requests.Response, *, largest: int, ends_at: float) -> bytes:
    """The decoded body; a socket timeout alone would let one byte a second go on for ever.

    `ends_at` is a moment of the monotonic clock. Network faults pass through as urllib3's.
    """
    raw = cast("HTTPResponse", response.raw)
    body = bytearray()
    while chunk := raw.read1(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > largest:
            raise TooLargeError
        if time.monotonic() > ends_at:
            raise TooSlowError
    return bytes(body)
