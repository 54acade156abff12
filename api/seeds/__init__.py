"""What a new database gets: the first start, and the demo."""
