"""A network of services: its model, its kernel, and what a run of it says."""
