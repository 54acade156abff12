"""A Django app for the existing tables."""
