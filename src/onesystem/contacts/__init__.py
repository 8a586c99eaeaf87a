"""The contacts room."""
