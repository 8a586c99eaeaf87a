"""Journeys: how people really go. Maps, paths, filters and adherence over the steps of many."""
