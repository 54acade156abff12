"""Lists: filters, pages, search and CSV."""

from api.lists.conditions import Condition
from api.lists.csv_stream import Csv, csv_stream
from api.lists.filters import By, Filters
from api.lists.history import HistoryQuery, history
from api.lists.named_rows import Affected, AllRows, change_all, delete_all
from api.lists.pagination import Page, PageQuery, paginate, walk
from api.lists.searches import Search, Searches
from api.lists.shown import Expands, Names, Shown, Shows, expand
from api.lists.summaries import CommaSeparated, Summary, SummaryQuery, summarize
from api.lists.trash import TrashQuery

__all__ = [
    "Affected",
    "AllRows",
    "By",
    "CommaSeparated",
    "Condition",
    "Csv",
    "Expands",
    "Filters",
    "HistoryQuery",
    "Names",
    "Page",
    "PageQuery",
    "Search",
    "Searches",
    "Shown",
    "Shows",
    "Summary",
    "SummaryQuery",
    "TrashQuery",
    "change_all",
    "csv_stream",
    "delete_all",
    "expand",
    "history",
    "paginate",
    "summarize",
    "walk",
]
