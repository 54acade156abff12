"""Live events: what wakes those that listen, and what they read."""
