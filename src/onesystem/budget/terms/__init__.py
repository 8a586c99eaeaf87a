"""The share schedule from which every payment form is configured, and the settling by it: pure."""
