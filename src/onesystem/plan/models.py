"""What the room keeps; each part of the room has its rows of its own."""
