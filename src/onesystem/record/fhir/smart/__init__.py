"""SMART App Launch 2: how an application is let in, for whom, and to what.

Our own small server (docs/decisions/0100). A token only ever narrows: who may see what is decided
by `access` at every query, as for somebody who reads on the pages.

    registry     the applications that the district let in
    asking       what comes to /oauth/authorize, checked
    granting     what of the scopes is granted (pure), `wording` says them in plain words
    grants       launch, consent, code, refresh, revocation
    tokens       what a token is worth: to the FHIR engine, and at introspection
    proving      who a client is: a secret, or a signed assertion
    doors        the addresses for programs; `consent` and `pages` those for people
"""
