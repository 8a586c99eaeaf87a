"""Commands of Django that this room changes."""
