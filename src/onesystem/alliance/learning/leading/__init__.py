"""Who leads what, by profession and sector, and how far leading is spread."""
