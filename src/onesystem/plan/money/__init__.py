"""Money over five and twenty years: what moves it from year to year, whose growth, how sure."""
