"""Lists: filters, pages, search and CSV."""

from api.lists.conditions import Condition
from api.lists.csv_stream import Csv, csv_stream
from api.lists.filters import By, Filters, Search, Searches
from api.lists.pagination import Page, PageQuery, paginate, walk

__all__ = [
    "By",
    "Condition",
    "Csv",
    "Filters",
    "Page",
    "PageQuery",
    "Search",
    "Searches",
    "csv_stream",
    "paginate",
    "walk",
]
