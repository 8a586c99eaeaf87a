"""A person's own page of their care: my plan, my requests and where each stands, my team."""
