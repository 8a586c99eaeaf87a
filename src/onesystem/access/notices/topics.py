"""What a notice may be about, in words that may be read by anybody who passes. Pure words."""

from collections.abc import Mapping

TOPICS: Mapping[str, str] = {
    "glass.broken": "Somebody broke the glass for one of your people",
    "request.sent": "A request has come in",
    "request.answered": "A request that you sent was answered",
    "request.asked-back": "A service asks you for more about a request",
    "request.returned": "A request that you sent came back with a reason",
    "request.redirected": "A request was sent on to another service",
    "request.booked": "A request that you sent was booked",
    "request.supplied": "What you asked for about a request has come",
    "request.written": "There is a message about a request",
    "request.overdue": "A request has waited longer than agreed",
    "request.died": "A request waits for somebody who has died",
    "task.planned": "There is a task for you",
    "task.overdue": "A task is overdue",
    "handover.given": "Care was handed over to you",
    "episode.started": "Somebody is looked after at home",
    "episode.escalated": "Care at home needs more",
    "episode.ended": "Care at home has ended",
    "crew.rings": "An ambulance crew rings about one of your people",
    "crew.decided": "An ambulance crew saw one of your people",
    "elsewhere": "Something happened elsewhere to one of your people",
    "pathway.review": "A pathway waits for your review",
    "pathway.signed": "A pathway was signed off",
    "pathway.returned": "A pathway came back with comments",
    "pathway.due": "A pathway is due for its review",
    "service.confirm": "A service's entry is due to be confirmed",
    "rota.gap": "The rota has a gap",
    "rota.shift": "You are down for a shift",
}
