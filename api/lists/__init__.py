"""Lists: filters, pages, search and CSV."""

from api.lists.csv_stream import Csv, csv_stream
from api.lists.filters import By, Condition, Filters, Search, Searches
from api.lists.pagination import Page, PageQuery, paginate, walk
from api.lists.trash import TrashQuery

__all__ = [
    "By",
    "Condition",
    "Csv",
    "Filters",
    "Page",
    "PageQuery",
    "Search",
    "Searches",
    "TrashQuery",
    "csv_stream",
    "paginate",
    "walk",
]
