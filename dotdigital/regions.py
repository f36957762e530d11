"""Which addresses calls may go to: Dotdigital's regions, or one test server and nothing else."""

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from dotdigital.errors import EndpointError

REGIONS: Final = {"r1": "Europe", "r2": "North America", "r3": "Asia Pacific"}
DISCOVERY_URL: Final = "https://r1-api.dotdigital.com"

OFFICIAL = re.compile(r"https://(r[1-3])-api\.dotdigital\.com", re.ASCII)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
HOST_NAME = re.compile(
    r"(?=.{1,253}\Z)(?!.*xn--)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII
)


def endpoint_for(base_url: str, told: str) -> str:
    """The address calls go to, when `base_url` was asked and the account told its own.

    Raises EndpointError for anything but a region of Dotdigital. A test server may only send us
    to its own host; whatever else it tells is ignored, so that credentials stay where they are.
    """
    base = check_base_url(base_url)
    told = told.strip().removesuffix("/")
    if not told:
        return base
    if OFFICIAL.fullmatch(base):
        return region_url(told)
    return _same_host(base, told)


def check_base_url(base_url: str) -> str:
    """The address without its closing slash; https anywhere, http on loopback only."""
    url = _split(base_url.strip().lower().removesuffix("/"))
    if not _is_plain(url):
        raise EndpointError("an address is https:// and a host, nothing else")
    if url.hostname in LOOPBACK and url.scheme in {"http", "https"}:
        return url.geturl()
    if url.scheme == "https" and HOST_NAME.fullmatch(url.hostname or ""):
        return url.geturl()
    raise EndpointError("only https is allowed, and http on this machine")


def region_url(told: str) -> str:
    """The region's address, built by us; the one told is compared, never used."""
    region = OFFICIAL.fullmatch(told)
    if region is None:
        raise EndpointError("the account names an address outside Dotdigital's regions")
    return f"https://{region[1]}-api.dotdigital.com"


def region_name(endpoint: str) -> str:
    """What people call the region, or the host when it is none of Dotdigital's."""
    region = OFFICIAL.fullmatch(endpoint.removesuffix("/"))
    return REGIONS[region[1]] if region else _split(endpoint).netloc


def _same_host(base: str, told: str) -> str:
    try:
        candidate = check_base_url(told)
    except EndpointError:
        return base
    ours, theirs = urlsplit(base), urlsplit(candidate)
    same = (ours.scheme, ours.hostname) == (theirs.scheme, theirs.hostname)
    return candidate if same else base


def _split(address: str) -> SplitResult:
    try:
        url = urlsplit(address)
        is_legible = url.port != 0 and address.isascii() and address.isprintable()
    except ValueError:
        raise EndpointError("the address cannot be read") from None
    if not is_legible:
        raise EndpointError("the address cannot be read")
    return url


def _is_plain(url: SplitResult) -> bool:
    extras = (url.path, url.query, url.fragment, url.username, url.password)
    rebuilt = f"{url.scheme}://{url.netloc}"
    return not any(extras) and url.geturl() == rebuilt and "@" not in url.netloc
