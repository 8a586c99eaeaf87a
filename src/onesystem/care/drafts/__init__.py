"""Drafts: what somebody began to write and has not sent, kept for its writer alone.

A page lets a form be kept by two attributes and one script, and ends the draft when it was sent:

    <form method="post" data-draft="note:7" data-draft-person="7"> ... static("care/drafts.js")
    drafts.actions.done(by, "note:7")
"""
