"""What the books must hold, said from the vendors' own records and never from the hub's."""

NEWSLETTER = "marketing_newsletter"
UNCOUNTED = {0, 5, 6}


def readers(shop):
    """Everybody whom the shop itself counts as agreed to the newsletter."""
    rows = shop.tables.subscribers.ordered()
    return {row.email.lower() for row in rows if NEWSLETTER in row.consents}


def buyers(shop):
    """Everybody who has bought: account holders by their account, guests by what they typed."""
    found = set()
    for order in shop.tables.orders.ordered():
        if order.status_id not in UNCOUNTED:
            customer = shop.customer(order.customer_id) if order.customer_id else None
            if customer or not order.customer_id:
                found.add((customer or order.billing_address).email.strip().lower())
    return found - {""}


def members(mail, book_id):
    """Everybody whom Dotdigital itself counts as in the book."""
    return {email.lower() for email in mail.members(book_id)}
