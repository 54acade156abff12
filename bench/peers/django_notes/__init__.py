"""An app of Django's: the tables that are there already."""
