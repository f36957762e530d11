"""Integration Hub: keeps a BigCommerce store's people in the right Dotdigital address books."""
