"""Lists: filters, pages, search and CSV."""

from api.lists.csv_stream import Csv, csv_stream
from api.lists.filters import By, Condition, Filters, Search, Searches
from api.lists.named_rows import Affected, AllRows, change_all, delete_all
from api.lists.pagination import Page, PageQuery, paginate, walk

__all__ = [
    "Affected",
    "AllRows",
    "By",
    "Condition",
    "Csv",
    "Filters",
    "Page",
    "PageQuery",
    "Search",
    "Searches",
    "change_all",
    "csv_stream",
    "delete_all",
    "paginate",
    "walk",
]
