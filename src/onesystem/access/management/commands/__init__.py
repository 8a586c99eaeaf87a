"""See `flush`."""
