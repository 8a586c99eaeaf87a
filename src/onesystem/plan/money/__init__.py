"""Money over five and twenty years: what moves it from year to year, whose growth it is, how sure."""
