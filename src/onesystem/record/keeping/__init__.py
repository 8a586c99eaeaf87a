"""How long the record is kept: rules, legal holds, and destroying with a certificate."""
