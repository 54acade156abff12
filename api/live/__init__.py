"""Live events: waking listeners, and reading their events."""
