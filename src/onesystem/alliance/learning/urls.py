"""Where the pages of what the alliance learns are."""

from django.urls import path

from onesystem.alliance.learning.ideas import pages as ideas
from onesystem.alliance.learning.leading import pages as leading
from onesystem.alliance.learning.peers import log_pages as peer_log
from onesystem.alliance.learning.peers import pages as peers
from onesystem.alliance.learning.readiness import pages as readiness
from onesystem.alliance.learning.risks import pages as risks
from onesystem.alliance.learning.training import pages as training
from onesystem.alliance.learning.trust import pages as trust

app_name = "learning"
urlpatterns = [
    path("ideas/", ideas.listed, name="ideas"),
    path("ideas/new/", ideas.bring, name="bring"),
    path("ideas/<int:number>/", ideas.idea, name="idea"),
    path("ideas/<int:number>/act/", ideas.act, name="idea_act"),
    path("alliance/training/", training.training, name="training"),
    path("alliance/training/new/", training.write, name="trained"),
    path("alliance/risks/", risks.register, name="risks"),
    path("alliance/risks/new/", risks.write, name="raise"),
    path("alliance/risks/<int:number>/", risks.entry, name="risk"),
    path("alliance/risks/<int:number>/edit/", risks.write, name="right"),
    path("alliance/risks/<int:number>/act/", risks.act, name="risk_act"),
    path("alliance/leadership/", leading.register, name="leadership"),
    path("alliance/leadership/new/", leading.write, name="leads"),
    path("alliance/leadership/act/", leading.act, name="leads_act"),
    path("alliance/readiness/", readiness.ready, name="readiness"),
    path("alliance/trust/", trust.trust, name="trust"),
    path("alliance/trust/reply/", trust.reply, name="trust_reply"),
    path("alliance/trust/act/", trust.act, name="trust_act"),
    path("peers/", peers.peers, name="peers"),
    path("peers/log/", peer_log.log, name="peer_log"),
    path("peers/log/new/", peer_log.write, name="peer_learnt"),
    path("peers/log/<int:number>/act/", peer_log.act, name="peer_act"),
    path("peers/anew/", peers.anew, name="peers_anew"),
    path("peers/cancel/<str:digest>/", peers.cancel, name="peers_cancel"),
    path("peers/<str:practice>/", peers.pack, name="pack"),
]
