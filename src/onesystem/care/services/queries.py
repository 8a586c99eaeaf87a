"""What can be asked of the directory. Nothing of it is about a person: everybody may look.

entry("nursing")               words, criteria, form, hours, timers, who confirmed it and when
capacity("nursing")            free, of how many, this week
wait("nursing")                how long people wait now, from the log
free_slots("clinic", a, b)     slots that nobody has yet
search("leg ulcer")            services by words, best first
"""

from onesystem.care.services.entry import Entry
from onesystem.care.services.reading import entries, entry
from onesystem.care.services.room import Room, capacities, capacity
from onesystem.care.services.search import found
from onesystem.care.services.slots import Slot, free_slots, slot, slots, slots_of
from onesystem.care.services.waits import Wait, wait, waits

__all__ = [
    "Entry",
    "Room",
    "Slot",
    "Wait",
    "capacities",
    "capacity",
    "entries",
    "entry",
    "free_slots",
    "search",
    "slot",
    "slots",
    "slots_of",
    "wait",
    "waits",
]


def search(text: str) -> list[Entry]:
    """The services that fit the words, best first; all of them for none."""
    return found(entries().values(), text)
