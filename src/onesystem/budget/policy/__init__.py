"""Packages of policy as a live model: what each line costs and brings, by year."""
