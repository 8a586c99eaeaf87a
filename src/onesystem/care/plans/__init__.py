"""Care plans: what matters to a person, their goals, who looks after them, notes, hand-overs."""
