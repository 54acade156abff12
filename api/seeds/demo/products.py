"""Products."""

from collections.abc import Iterator
from decimal import Decimal

from api.models.product import Product
from api.seeds.demo import Demo

PRODUCTS = [  # name, description, price, quantity
    ("Swim cap", "Silicone, three colours.", "7.50", 40),
    ("Goggles", "For children from four years on.", "14.90", 12),
    ("Course book", "Reading aloud, volume one.", "19.00", 5),
    ("Garden gloves", "Sold out, more to come.", "6.00", 0),
]


def products(_: Demo) -> Iterator[Product]:
    for name, about, price, left in PRODUCTS:
        yield Product(name=name, description=about, price=Decimal(price), quantity=left)


ROWS = {Product: products}
