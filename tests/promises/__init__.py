"""What every entity and every route promises, found through the application."""
