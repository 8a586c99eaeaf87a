"""The envelope over years: demand, pay, prices, efficiency, growth, double running; bridges."""
