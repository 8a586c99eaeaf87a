"""What a blow does in its first week, month and year, and what would soften it."""
