"""Notices: that something waits for a user or an organisation, on their pages and by e-mail.

`access.notify` writes one within the caller's transaction. A notice says a topic and where to
look, never a name and nothing clinical: it may lie on a screen in a corridor, or in a mailbox.
"""
