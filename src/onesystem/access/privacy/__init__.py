"""The privacy officer's work: looks that need a second look, questions, agreements, figures."""
