"""Who will live here: cohorts by age and sex to twenty years, with their range."""
