"""The directory as others read it, both ways: FHIR R4 and Open Referral HSDS 3.

told       an entry and what is said of it elsewhere: who wins, what is kept
lines      where in a JSON text something stands
fhir_out   FHIR from entries          fhir_in   and back
hsds_out   HSDS from entries          hsds_in   and back
taking     what was read, taken into the directory, with a report
"""
