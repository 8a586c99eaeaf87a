"""Need, means, charges and subsidies for a person at a date, each line with its rule."""
