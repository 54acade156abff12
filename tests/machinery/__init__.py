"""What the parts that make it fast must not change."""
