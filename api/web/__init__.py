"""What every route does beyond FastAPI: strict bodies, ETags, headers and the log line."""
