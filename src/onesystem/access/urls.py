"""Where the pages of the room are."""

from django.urls import path

from onesystem.access import openid_pages, pages, purposes, refusing, sessions
from onesystem.access.notices import pages as notices
from onesystem.access.privacy.urls import urlpatterns as privacy

app_name = "access"
urlpatterns = [
    path("purpose/<int:person>/", purposes.give, name="give_purpose"),
    path("purpose/<int:person>/end/", purposes.end, name="end_purpose"),
    path("break-glass/<int:person>/", refusing.break_glass, name="break_glass"),
    path("break-glass/<int:grant>/mend/", refusing.mend_glass, name="mend_glass"),
    path("notices/", notices.listed, name="notices"),
    path("notices/unread/", notices.count, name="unread_notices"),
    path("notices/seen/", notices.see, name="see_notices"),
    path("notices/mail/", notices.mail, name="mail_notices"),
    path("notices/<int:notice>/", notices.follow, name="follow_notice"),
    path("account/openid/<slug:code>/", openid_pages.begin, name="openid"),
    path("account/openid/<slug:code>/back/", openid_pages.back, name="openid_back"),
    path("account/postcode/", pages.own_postcode, name="own_postcode"),
    path("account/stay/", sessions.stay, name="stay"),
    path("settings/", pages.settings, name="settings"),
    path("settings/users/", pages.users, name="users"),
    path("settings/users/add/", pages.add, name="add_user"),
    path("settings/users/<int:user>/", pages.user, name="user"),
    path("settings/roles/", pages.roles, name="roles"),
    path("settings/audit/", pages.audit, name="audit"),
    path("settings/audit/<int:row>/", pages.audit_row, name="audit_row"),
    *privacy,
]
