"""Initial data: the first start and the demo."""
