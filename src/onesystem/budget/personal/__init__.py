"""Personal budgets from health and social care together, on the ledger."""
