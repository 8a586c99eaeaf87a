"""The district beside others and other countries; many districts in one installation."""
