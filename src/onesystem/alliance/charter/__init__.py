"""Who is in the alliance: parties, charter, members, seats, interests, service alliances."""
