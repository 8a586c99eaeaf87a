"""What the demo's alliance did: charter signed, members with seats, decisions, registers.

Each part of the alliance room has a module here of its own name, with `agree(say)`, which does what
its users would have done, through the same acts. The order matters: meetings need members.
"""

PARTS = ("charter", "meeting", "commit", "proof", "registers", "ideas", "learning", "comparing")
