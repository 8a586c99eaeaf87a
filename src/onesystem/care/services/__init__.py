"""The directory of services: what each is for, when, for whom, and whether it has room."""
