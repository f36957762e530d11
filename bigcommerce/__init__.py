"""A typed client of the BigCommerce API: what a sync of customers and subscribers needs of it."""
