"""Who lives in a district over the years, and what that makes of who comes.

ageing      people by age and sex, a year at a time: births, deaths, moves
known       the shipped rates of countries, and people from a file
living      who lives in the served district, and who will
growing     a model over many years, whose arrivals follow the people of each class
passing     what a year does to each of a class
lives       a model whose people live there, come, and go home again
"""
