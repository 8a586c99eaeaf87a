"""Any board or district: who lives there, by age, sex, deprivation and small area."""
