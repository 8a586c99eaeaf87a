"""Agenda, proposals with their evidence, consensus, minutes, actions, the register."""
