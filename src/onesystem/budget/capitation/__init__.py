"""Weighted populations, and what each practice or provider is paid for its people."""
