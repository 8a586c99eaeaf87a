"""The contact log on disk: columnar files by month, the same rows sorted by person, a manifest."""
