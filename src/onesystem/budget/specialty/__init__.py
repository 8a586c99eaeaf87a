"""A specialty's budget from the base up: work, minutes, staff, what is used and what is not."""
