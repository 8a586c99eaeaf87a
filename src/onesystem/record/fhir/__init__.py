"""The FHIR R4 server: one engine, which every door asks. The door is lazy and needs no Django."""
