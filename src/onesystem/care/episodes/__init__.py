"""Care at home: acute demand, enablement, and discharge with a package. Episodes with a cap."""
