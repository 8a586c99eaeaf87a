"""A planning workspace: four stages with gates and a clock, a library of options, their runs."""
