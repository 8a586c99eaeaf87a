# ruff: noqa: E501 - tables are read across
"""The boundary cases of every measure, as tables that a clinician can read.

Times are of 2026 by London's clocks; it is 1 July. Under the name of a measure stands what a
contact gives to it: numerator/denominator, all its days together; nothing where it does not count.
A spell is told at its first stretch, a person's month or year at the person's first contact.
"""

PEOPLE = """
person | born       | died       | practice
Aroha  | 1940-02-29 |            | D82001
Bill   | 1951-06-01 |            | D82001
Chloe  | 2010-01-01 |            | D82002
Dev    | 1961-06-10 | 2026-04-20 | D82002
Eve    |            |            |
"""

ED = """
person | setting | started        | ready       | ended               | outcome         | cancelled | ed-4-hours | ed-12-hours | ed-attendances | ed-12-hours-from-decision
Aroha  | ED      | 06-01 08:00    |             | 06-01 12:00         | discharged home |           | 1/1        | 0/1         | 1/0            |
Aroha  | ED      | 06-02 08:00    |             | 06-02 12:00:01      | discharged home |           | 0/1        | 0/1         | 1/0            |
Bill   | ED      | 06-03 08:00    | 06-03 09:00 | 06-03 20:00         | admitted        |           | 0/1        | 0/1         | 1/0            | 0/1
Bill   | ED      | 06-04 08:00    | 06-04 08:00 | 06-04 20:00:01      | admitted        |           | 0/1        | 1/1         | 1/0            | 1/1
Chloe  | ED      | 06-05 08:00    |             | 06-05 08:00         | left early      |           | 1/1        | 0/1         | 1/0            |
Chloe  | ED      | 06-06 08:00    |             |                     |                 |           |            |             | 1/0            |
Dev    | ED      | 06-07 08:00    |             | 06-07 07:00         |                 |           |            |             |                |
Dev    | ED      | 06-08 08:00    |             | 06-08 09:00         |                 | yes       |            |             |                |
Eve    | ward    | 06-09 08:00    |             | 06-09 09:00         |                 |           |            |             |                |
Eve    | ED      | 03-28 23:30    |             | 03-29 04:30         | discharged home |           | 1/1        | 0/1         | 1/0            |
Eve    | ED      | 2025-10-25 23:30 |           | 2025-10-26 02:45    | discharged home |           | 0/1        | 0/1         | 1/0            |
"""

ASSESSMENT = """
person | setting     | started     | ended       | ed-time-to-assessment
Aroha  | ED          | 06-01 08:00 | 06-01 12:00 | 1/1
Aroha  | diagnostics | 06-01 08:15 | 06-01 08:40 |
Bill   | ED          | 06-01 08:00 | 06-01 12:00 | 0/1
Bill   | diagnostics | 06-01 08:16 | 06-01 08:40 |
Chloe  | ED          | 06-01 08:00 | 06-01 12:00 |
Chloe  | diagnostics | 06-01 12:01 | 06-01 12:40 |
Dev    | ED          | 06-01 08:00 |             |
Dev    | diagnostics | 06-01 08:10 | 06-01 08:40 |
"""

AMBULANCE = """
person | setting   | requested   | started     | ready       | ended          | urgency    | outcome           | ambulance-handover-15 | ambulance-handover-30 | ambulance-handover-60 | ambulance-response-category-2 | ambulance-conveyed
Aroha  | ambulance | 06-01 07:00 | 06-01 07:18 | 06-01 08:00 | 06-01 08:15    | category 2 | taken to hospital | 1/1                   | 1/1                   | 0/1                   | 1080000/1                     | 1/1
Bill   | ambulance | 06-01 07:00 | 06-01 07:30 | 06-01 08:00 | 06-01 08:30    | category 3 | taken to hospital | 0/1                   | 1/1                   | 0/1                   |                               | 1/1
Chloe  | ambulance | 06-01 07:00 | 06-01 07:30 | 06-01 08:00 | 06-01 09:00    | category 2 | taken to hospital | 0/1                   | 0/1                   | 0/1                   | 1800000/1                     | 1/1
Dev    | ambulance | 06-01 07:00 | 06-01 07:30 | 06-01 08:00 | 06-01 09:00:01 | category 3 | taken to hospital | 0/1                   | 0/1                   | 1/1                   |                               | 1/1
Eve    | ambulance | 06-01 07:00 | 06-01 07:30 |             | 06-01 08:10    | category 4 | treated at home   |                       |                       |                       |                               | 0/1
"""

MOVED = """
person | setting          | started     | ended       | reason                   | procedures-in-practice | procedures-moved
Aroha  | general practice | 06-01 09:00 | 06-01 09:20 | Skin lesion removed      | 1/1                    | 1/0
Bill   | outpatient       | 06-01 09:00 | 06-01 09:20 | C44.3                    | 0/1                    |
Chloe  | general practice | 06-01 09:00 | 06-01 09:20 | heavy menstrual bleeding | 1/1                    | 1/0
Dev    | outpatient       | 06-01 09:00 | 06-01 09:20 |                          |                        |
Eve    | general practice | 06-01 09:00 | 06-01 09:20 | Cough                    |                        |
Finn   | ward             | 06-01 09:00 | 06-01 09:20 | C44.3                    |                        |
"""

BEDS = """
person | setting | service | mode             | started     | ready       | ended       | outcome         | beds-at-midnight | beds-peak | beds-time-weighted | length-of-stay | ready-not-gone | discharge-delay | discharged-when-ready | long-stays-7 | long-stays-14 | long-stays-21
Aroha  | ward    | ward-a  | from ED          | 06-01 10:00 | 06-03 10:00 | 06-03 16:00 | discharged home | 2/0              | 2/0       | 194400000/0        | 194400000/1    |                | 0/1             | 1/1                   |              |               |
Bill   | ward    | ward-a  | from ED          | 06-01 10:00 | 06-03 10:00 | 06-05 00:00 | discharged home | 4/0              | 4/0       | 309600000/0        | 309600000/1    | 2/0            | 2/1             | 0/1                   |              |               |
Chloe  | ward    | ward-a  | from ED          | 06-01 10:00 | 06-02 10:00 | 06-04 10:00 | discharged home | 3/0              | 3/0       | 259200000/0        | 259200000/1    | 2/0            |                 |                       |              |               |
Dev    | ward    | ward-a  | from ED          | 03-01 10:00 | 03-02 10:00 | 03-04 10:00 | died            | 3/0              | 3/0       | 259200000/0        | 259200000/1    | 2/0            |                 |                       |              |               |
Eve    | ward    | ward-a  | planned          | 06-29 12:00 |             |             |                 | 2/0              | 2/0       | 129600000/0        |                |                |                 |                       |              |               |
Eve    | ward    | ward-b  | planned          | 05-01 12:00 |             | 05-08 12:00 | discharged home | 7/0              | 7/0       | 604800000/0        | 604800000/1    |                |                 |                       |              |               |
Eve    | ward    | ward-b  | planned          | 04-01 12:00 |             | 04-23 12:00 | discharged home | 22/0             | 22/0      | 1900800000/0       | 1900800000/1   |                |                 |                       | 15/0         | 8/0           | 1/0
"""

SPELLS = """
person | setting | service | mode             | reason        | started     | ended       | outcome                  | length-of-stay | emergency-admissions | emergency-readmission-30 | emergency-readmission-28 | acute-bed-days | acute-bed-days-indirect | discharged-home | emergency-admissions-65 | emergency-admissions-75 | ambulatory-sensitive-admissions | falls-65
Aroha  | ward    | ward-a  | from ED          | Pneumonia     | 04-01 12:00 | 04-02 12:00 |                          | 270000000/1    | 1/0                  | 1/1                      | 1/1                      | 3/0            | 3/0                     | 1/1             | 1/0                     | 1/0                     | 1/0                             |
Aroha  | ward    | ward-b  |                  |               | 04-02 18:00 | 04-04 15:00 | discharged home          |                |                      |                          |                          |                |                         |                 |                         |                         |                                 |
Aroha  | ward    | ward-a  | direct admission | Hip fracture  | 05-02 09:00 | 05-02 20:00 | discharged home          | 39600000/1     | 1/0                  | 0/1                      | 0/1                      |                |                         | 1/1             | 1/0                     | 1/0                     |                                 | 1/0
Bill   | ward    | ward-a  | from ED          | J44.1         | 04-01 12:00 | 04-04 15:00 | discharged home          | 270000000/1    | 1/0                  | 1/1                      | 0/1                      | 3/0            | 3/0                     | 1/1             | 1/0                     |                         | 1/0                             |
Bill   | ward    | ward-a  | from ED          | K35           | 05-03 09:00 | 05-03 20:00 | to a care home           | 39600000/1     | 1/0                  | 0/1                      | 0/1                      |                |                         | 0/1             | 1/0                     |                         |                                 |
Chloe  | ward    | ward-a  | planned          | Fall          | 04-01 12:00 | 04-04 15:00 | discharged home          | 270000000/1    |                      | 0/1                      | 0/1                      |                |                         | 1/1             |                         |                         |                                 |
Chloe  | ward    | ward-a  | from ED          | Fall          | 05-04 09:00 | 05-04 20:00 | discharged home          | 39600000/1     | 1/0                  | 0/1                      | 0/1                      |                |                         | 1/1             |                         |                         |                                 |
Dev    | ward    | ward-a  | from ED          | W19           | 04-01 12:00 | 04-10 12:00 | discharged home          | 777600000/1    | 1/0                  | 1/1                      | 1/1                      | 9/0            | 9/0                     | 1/1             |                         |                         |                                 |
Dev    | ward    | ward-b  | 21               | Cellulitis    | 04-15 12:00 | 04-20 12:00 | died                     | 432000000/1    | 1/0                  |                          |                          | 5/0            | 5/0                     |                 |                         |                         | 1/0                             |
Eve    | ward    | ward-a  | from ED          | Asthma        | 05-01 12:00 | 05-02 12:00 | discharged home          | 86400000/1     | 1/0                  | 0/1                      | 0/1                      | 1/0            | 1/0                     | 1/1             |                         |                         | 1/0                             |
Eve    | ward    | ward-a  | planned          | Hernia repair | 05-10 12:00 | 05-11 12:00 | discharged home          | 86400000/1     |                      | 0/1                      | 0/1                      |                |                         | 1/1             |                         |                         |                                 |
"""

HOME = """
person | setting        | mode          | reason                     | requested   | started     | ended       | care-home-admissions-65 | reablement-91-days | days-at-home | contacts-at-home | wait-home-care | wait-care-home
Aroha  | home care      | from hospital | Enablement after hospital  | 02-01 12:00 | 02-02 12:00 | 03-01 12:00 |                         | 1/1                |              | 1/0              | 86400000/1     |
Bill   | home care      | from hospital | Enablement after hospital  | 02-01 12:00 | 02-01 12:00 | 03-01 12:00 |                         | 0/1                |              | 1/0              | 0/1            |
Bill   | ward           | from ED       | Sepsis                     |             | 05-02 12:00 | 05-05 12:00 |                         |                    | 5/0          |                  |                |
Bill   | rehabilitation | from home     | Sepsis                     |             | 05-04 12:00 | 05-07 12:00 |                         |                    |              |                  |                |
Chloe  | home care      | from hospital | Enablement after hospital  | 02-01 12:00 | 02-01 12:00 | 03-01 12:00 |                         |                    |              | 1/0              | 0/1            |
Dev    | rehabilitation | from hospital | Stroke                     |             | 01-20 12:00 | 02-01 12:00 |                         |                    | 12/0         |                  |                |
Eve    | care home      | from home     | Personal care              | 05-01 12:00 | 05-03 12:00 |             |                         |                    | 59/0         |                  |                | 172800000/1
Aroha  | care home      | from home     | Personal care              | 06-01 12:00 | 06-20 12:00 |             | 1/0                     |                    | 11/0         |                  |                | 1641600000/1
Bill   | home care      | from hospital | Enablement after hospital  | 06-15 12:00 | 06-16 12:00 |             |                         |                    |              | 1/0              | 86400000/1     |
Bill   | home care      | from hospital | Personal care              | 02-03 12:00 | 02-04 12:00 |             |                         |                    |              | 1/0              | 86400000/1     |
"""

WAITS = """
person | setting          | urgency   | requested   | started     | ended       | rtt-18-weeks | wait-outpatient | wait-diagnostics | wait-general-practice | wait-community | diagnostics-6-weeks | gp-two-weeks | people-waiting | days-of-waiting-saved
Aroha  | outpatient       | routine   | 01-01 09:00 | 05-07 10:00 | 05-07 10:20 | 1/1          | 10886400000/1   |                  |                       |                |                     |              | 126/0          | -3974400000/0
Bill   | outpatient       | routine   | 01-01 09:00 | 05-07 11:00 | 05-07 11:20 | 0/1          | 10890000000/1   |                  |                       |                |                     |              | 126/0          | -3978000000/0
Chloe  | outpatient       | follow-up | 01-01 09:00 | 01-02 09:00 | 01-02 09:20 |              |                 |                  |                       |                |                     |              | 1/0            |
Aroha  | diagnostics      |           | 06-01 09:00 | 06-01 09:00 | 06-01 09:20 |              |                 | 0/1              |                       |                | 1/1                 |              |                | 864000000/0
Bill   | diagnostics      |           | 05-01 09:00 | 06-12 09:00 | 06-12 09:20 |              |                 | 3628800000/1     |                       |                | 1/1                 |              | 42/0           | -2764800000/0
Chloe  | diagnostics      |           | 05-01 09:00 | 06-12 09:01 | 06-12 09:20 |              |                 | 3628860000/1     |                       |                | 0/1                 |              | 42/0           | -2764860000/0
Dev    | general practice |           | 04-01 09:00 | 04-15 09:00 | 04-15 09:20 |              |                 |                  | 1209600000/1          |                |                     | 1/1          | 14/0           | -604800000/0
Eve    | general practice |           | 04-01 09:00 | 04-15 09:01 | 04-15 09:20 |              |                 |                  | 1209660000/1          |                |                     | 0/1          | 14/0           | -604860000/0
Eve    | community        |           | 04-01 09:00 | 04-02 09:00 | 04-02 09:20 |              |                 |                  |                       | 86400000/1     |                     |              | 1/0            | 172800000/0
Eve    | community        |           | 06-20 09:00 |             |             |              |                 |                  |                       |                |                     |              | 11/0           |
Eve    | community        |           | 06-20 09:00 | 06-19 09:00 | 06-20 09:00 |              |                 |                  |                       |                |                     |              |                |
Eve    | pharmacy         |           | 06-01 09:00 | 06-05 09:00 | 06-05 09:00 |              |                 |                  |                       |                |                     |              |                |
"""

ANSWERS = """
person | setting          | urgency   | requested   | started     | ended       | cancelled | request-answer-time
Aroha  | outpatient       | routine   | 05-01 09:00 | 05-07 09:00 | 05-07 09:20 |           | 518400000/1
Aroha  | outpatient       | follow-up | 05-01 09:00 | 05-07 09:00 | 05-07 09:20 |           |
Bill   | community        |           | 05-01 09:00 |             | 05-02 09:00 |           | 86400000/1
Bill   | community        |           | 05-03 09:00 |             |             |           |
Chloe  | home care        |           | 05-01 09:00 | 05-01 09:00 |             |           | 0/1
Chloe  | home care        |           | 05-02 09:00 | 05-01 09:00 | 05-03 09:00 |           |
Dev    | diagnostics      |           | 03-01 09:00 | 03-02 09:00 | 03-02 09:20 | yes       |
Dev    | diagnostics      |           | 03-28 09:00 | 03-29 09:00 | 03-29 09:20 |           | 82800000/1
Eve    | ED               |           | 05-01 09:00 | 05-01 10:00 | 05-01 11:00 |           |
"""

COSTS = """
person | setting          | started          | ended            | known_at    | cost-per-person | feed-timeliness
Aroha  | ED               | 06-01 08:00      | 06-01 12:00      | 06-02 12:00 | 28017/0         | 1/1
Aroha  | ward             | 06-01 12:00      | 06-01 18:00      | 06-02 18:01 | 82586/0         | 0/1
Bill   | ward             | 06-01 12:00      | 06-08 18:00      | 06-08 17:00 | 578102/0        | 1/1
Bill   | meals            | 06-01 12:00      | 06-01 12:00      | 06-01 12:00 |                 | 1/1
Chloe  | general practice | 06-01 12:00      |                  | 06-01 12:00 |                 |
"""

YEARS = """
person | setting          | service | by       | started          | ended            | continuity-usual-provider | continuity-bice-boxerman | cost-gini | cost-top-10 | cost-top-5 | cost-top-1 | high-intensity-ed
Aroha  | general practice | gp      | Dr Reed  | 01-01 09:00      | 01-01 09:10      | 1000000/1                 | 1000000/1                | 12600/0   | 12600/0     | 12600/0    | 12600/0    |
Aroha  | general practice | gp      | Dr Reed  | 02-01 09:00      | 02-01 09:10      |                           |                          |           |             |            |            |
Aroha  | general practice | gp      | Dr Reed  | 03-01 09:00      | 03-01 09:10      |                           |                          |           |             |            |            |
Bill   | general practice | gp      | Dr Reed  | 01-01 09:00      | 01-01 09:10      | 500000/1                  | 166666/1                 | 21000/0   | 21000/0     | 21000/0    | 21000/0    |
Bill   | general practice | gp      | Dr Reed  | 02-01 09:00      | 02-01 09:10      |                           |                          |           |             |            |            |
Bill   | general practice | gp      | Dr Tern  | 03-01 09:00      | 03-01 09:10      |                           |                          |           |             |            |            |
Bill   | general practice | gp      | Dr Heron | 04-01 09:00      | 04-01 09:10      |                           |                          |           |             |            |            |
Bill   | general practice | gp      |          | 04-02 09:00      | 04-02 09:10      |                           |                          |           |             |            |            |
Chloe  | ED               | ed      |          | 01-01 09:00      | 01-01 09:10      |                           |                          | 140085/0  | 140085/0    | 140085/0   | 140085/0   | 1/1
Chloe  | ED               | ed      |          | 02-01 09:00      | 02-01 09:10      |                           |                          |           |             |            |            |
Chloe  | ED               | ed      |          | 03-01 09:00      | 03-01 09:10      |                           |                          |           |             |            |            |
Chloe  | ED               | ed      |          | 04-01 09:00      | 04-01 09:10      |                           |                          |           |             |            |            |
Chloe  | ED               | ed      |          | 05-01 09:00      | 05-01 09:10      |                           |                          |           |             |            |            |
Dev    | ward             | ward-a  |          | 01-01 09:00      | 01-08 09:00      |                           |                          | 578102/0  | 578102/0    | 578102/0   | 578102/0   |
Eve    | ED               | ed      |          | 05-01 09:00      | 05-01 09:10      |                           |                          | 28017/0   | 28017/0     | 28017/0    | 28017/0    | 0/1
Eve    | general practice | gp      | Dr Reed  | 2025-12-31 23:00 | 2025-12-31 23:10 |                           |                          | 4200/0    | 4200/0      | 4200/0     | 4200/0     |
"""

MONTHS = """
person | setting          | service | started          | ended            | fragmentation
Aroha  | general practice | gp      | 05-01 00:00      | 05-01 09:10      | 1/1
Aroha  | ED               | ed      | 05-15 09:00      | 05-15 09:10      |
Aroha  | community        | nursing | 05-31 23:59      | 05-31 23:59      |
Bill   | general practice | gp      | 05-01 09:00      | 05-01 09:10      | 0/1
Bill   | ED               | ed      | 05-15 09:00      | 05-15 09:10      |
Bill   | ward             | ward-a  | 05-15 09:00      | 05-16 09:10      |
Chloe  | general practice | gp      | 05-01 09:00      | 05-01 09:10      | 0/1
Chloe  | ED               | ed      | 05-15 09:00      | 05-15 09:10      |
Chloe  | pharmacy         | home    | 05-15 09:00      | 05-15 09:10      |
Dev    | pharmacy         | home    | 05-15 09:00      | 05-15 09:10      |
"""

TABLES = {
    name.lower(): text
    for name, text in globals().items()
    if name.isupper() and isinstance(text, str) and name != "PEOPLE"
}
