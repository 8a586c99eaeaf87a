"""Who lives in a district over the years, and what that makes of who comes.

ageing      people by age and sex, a year at a time: births, deaths, moves
known       the shipped rates of countries, and people from a file
growing     a model over many years, whose arrivals follow the people of each class
"""
