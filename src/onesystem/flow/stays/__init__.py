"""Who is where, what comes next, and what people on the wards say of it.

A fact that somebody puts right on a board is a message like any other: landed, read, and folded
into the contact, so a replay makes it again. What a contact cannot hold (why somebody is still
here, when they are expected to leave, what comes next) is kept beside it, and said by whom.
"""
