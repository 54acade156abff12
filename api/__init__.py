"""Onefold: one model per entity."""

__version__ = "0.1.0"
