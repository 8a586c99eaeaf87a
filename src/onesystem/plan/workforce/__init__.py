"""Staff over five and twenty years: who leaves, who comes, what training takes, what is short."""
