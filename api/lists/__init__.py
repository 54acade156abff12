"""Lists: filters, pages, search and CSV."""
