"""onesystem: a health and social care district as one system with one budget."""
