"""A pretend BigCommerce on loopback: stateful, faithful to what is documented, and troublesome."""

from bigcommerce.sandbox.faults import Fault
from bigcommerce.sandbox.server import Sandbox
from bigcommerce.sandbox.shop import Shop
from bigcommerce.sandbox.switches import Switches

__all__ = ["Fault", "Sandbox", "Shop", "Switches"]
