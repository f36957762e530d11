"""Made-up people, before they have done anything in a shop."""

import random
from dataclasses import dataclass
from datetime import datetime

from bigcommerce.sandbox.seed_data import COMPANIES, DOMAINS, REGIONS, Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a name, an address and no history yet."""

    email: str
    first_name: str
    last_name: str
    company: str
    phone: str
    region: Region
    place: tuple[str, str, str]
    street: str
    joined: datetime

    def checkout(self) -> dict[str, str]:
        """Their name and address as typed into an order."""
        city, state, postal_code = self.place
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "company": self.company,
            "street_1": self.street,
            "city": city,
            "state": state,
            "zip": postal_code,
            "country": self.region.country,
            "country_iso2": self.region.code,
            "phone": self.phone,
        }

    def addresses(self, number: int) -> list[dict[str, str]]:
        """So many addresses of an account, the first one the same as in their orders."""
        return [self._address(each) for each in range(number)]

    def _address(self, number: int) -> dict[str, str]:
        city, state, postal_code = self.place
        return {
            "company": self.company,
            "address1": self.street,
            "address2": f"Flat {number}" if number else "",
            "city": city,
            "state_or_province": state,
            "postal_code": postal_code,
            "country": self.region.country,
            "country_code": self.region.code,
            "phone": self.phone,
        }


def make_person(dice: random.Random, number: int, joined: datetime) -> Person:
    """Somebody new; the number makes their address unlike all others'."""
    region = dice.choice(REGIONS)
    first, first_in_address = _spelt(dice.choice(region.given))
    last, last_in_address = _spelt(dice.choice(region.family))
    return Person(
        email=_email(dice, first_in_address, last_in_address, number),
        first_name=first,
        last_name=last,
        company=dice.choice(COMPANIES) if dice.random() < 0.1 else "",
        phone="" if dice.random() < 0.35 else f"{region.dial} {dice.randint(100, 9999):04d}",
        region=region,
        place=dice.choice(region.places),
        street=f"{dice.randint(1, 199)} {dice.choice(region.streets)}",
        joined=joined,
    )


def _spelt(name: str) -> tuple[str, str]:
    written, _, in_address = name.partition("|")
    return written, in_address or written.lower()


def _email(dice: random.Random, first: str, last: str, number: int) -> str:
    tag = dice.choice(("+shop", "+news", "+a.b")) if dice.random() < 0.04 else ""
    domain = dice.choice(DOMAINS)
    if dice.random() < 0.06:
        return f"{first.title()}.{last.title()}{number}{tag}@{domain.title()}"
    return f"{first}.{last}{number}{tag}@{domain}"
