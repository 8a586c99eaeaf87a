"""A person's own pages: their record in plain words, who looked, and what they choose to share."""
