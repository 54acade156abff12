"""Lists: filters, pages, search and CSV."""

from api.lists.csv_stream import Csv, csv_stream
from api.lists.filters import By, Condition, Filters, Search, Searches
from api.lists.pagination import Page, PageQuery, paginate, walk
from api.lists.summaries import CommaSeparated, Summary, SummaryQuery, summarize

__all__ = [
    "By",
    "CommaSeparated",
    "Condition",
    "Csv",
    "Filters",
    "Page",
    "PageQuery",
    "Search",
    "Searches",
    "Summary",
    "SummaryQuery",
    "csv_stream",
    "paginate",
    "summarize",
    "walk",
]
