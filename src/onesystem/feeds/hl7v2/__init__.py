"""HL7 version 2 messages: the splitter, the reader, and the words for both."""

from onesystem.feeds.hl7v2.reader import Hl7Reader
from onesystem.feeds.readers import register

register(Hl7Reader())
