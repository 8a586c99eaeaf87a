"""The ledger: double entry, append-only, whole minor units, months that close."""
