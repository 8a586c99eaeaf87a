"""What a district has, and what it still lacks, to work as one system."""
