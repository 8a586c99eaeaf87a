"""Who has been trained to improve what they do, by profession and place."""
