"""New projects made of this one, and what later versions of it bring to them."""
