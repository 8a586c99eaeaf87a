"""Staff by role and age: leavers, starters, training, vacancies, skill mix."""
