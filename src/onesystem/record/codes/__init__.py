"""Local value sets and code systems, loaded by the district. None is shipped."""
