"""What people wrote on charts: annotations, signed step changes, and views they keep."""
