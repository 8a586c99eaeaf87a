"""What the demo's staff did in the care room: pathways in use, requests on their way, visits due.

Each part of the care room has a module here of its own name, with `deliver(say)`, which does what
its users would have done, through the same acts. The order matters: requests need services.
"""

PARTS = (
    "services", "pathways", "on_pathways", "requests", "tasks", "episodes", "triage", "practice",
    "mine",
)  # fmt: skip
