"""Data protection acts: what a person can ask of the district about their own data."""
