"""The demo: two pretend vendors, two tenants, a worker and the pages, on this machine only."""
