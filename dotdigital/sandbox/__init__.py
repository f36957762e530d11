"""A pretend Dotdigital on loopback, for the demo and the tests."""

from dotdigital.sandbox.account import Account
from dotdigital.sandbox.faults import Fault
from dotdigital.sandbox.requests import Request
from dotdigital.sandbox.server import Sandbox
from dotdigital.sandbox.switches import Switches

__all__ = ["Account", "Fault", "Request", "Sandbox", "Switches"]
