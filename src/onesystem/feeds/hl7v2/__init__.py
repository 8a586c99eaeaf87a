"""HL7 version 2 messages: the splitter, the reader, and the words for both."""
