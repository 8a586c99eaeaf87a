"""What each contact cost: minutes, bed-hours, consumables, tests and overheads, to the penny."""
