"""Published worked examples, with where each was published."""

from datetime import date, timedelta


def days(many, first=date(2021, 3, 22)):
    """So many days in a row."""
    return [first + timedelta(days=i) for i in range(many)]


# NHSRplotthedots 0.2.2, vignette "Deviations from Excel defaults": limits with and without the
# screen are in the captions of its first two charts.
DEVIATIONS = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]

# R's rnorm(20) after set.seed(123): the data of NHSRplotthedots' snapshot tests.
RNORM_123 = [
    -0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621,
    -1.26506123, -0.68685285, -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272,
    -0.55584113, 1.78691314, 0.49785048, -1.96661716, 0.70135590, -0.47279141,
]  # fmt: skip

# D. C. Montgomery, Introduction to Statistical Quality Control, 6th edition.
# Example 6.5: cost of processing loan applications in 40 weeks; limits from the first 20.
LOANS = [
    310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301,
    304, 305, 282, 305, 296, 314, 295, 287, 301, 298, 311, 310, 292, 305, 299, 304, 310, 304, 305,
    333, 328,
]  # fmt: skip
# Table 7.4: purchase orders with errors, and orders, in 25 weeks.
ORDERS = [
    (12, 100), (8, 80), (6, 80), (9, 100), (10, 110), (12, 110), (11, 100), (16, 100), (10, 90),
    (6, 90), (20, 110), (15, 120), (9, 120), (8, 120), (6, 110), (8, 80), (10, 80), (7, 80),
    (5, 90), (8, 100), (5, 100), (8, 100), (10, 100), (6, 90), (9, 90),
]  # fmt: skip
# Example 7.3: nonconformities in samples of 100 circuit boards; samples 6 and 20 left out.
BOARDS = [
    21, 24, 16, 12, 15, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 30, 24, 16, 19, 17, 15,
]  # fmt: skip
# Example 7.4: shipping errors in 20 weeks, 50 shipments each.
SHIPMENTS = [2, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4]
# Example 7.5: defects in dyed cloth, and square metres inspected.
CLOTH = [
    (14, 500), (12, 400), (20, 650), (11, 500), (7, 475), (10, 500), (21, 600), (16, 525),
    (19, 600), (23, 625),
]  # fmt: skip
# Example 7.6: hours between failures of a valve.
VALVES = [
    286, 948, 536, 124, 816, 729, 4, 143, 431, 8, 2837, 596, 81, 227, 603, 492, 1199, 1214, 2831,
    96,
]  # fmt: skip

# M. A. Mohammed, J. S. Panesar, D. B. Laney and R. Wilson, Statistical process control charts for
# attribute data involving very large sample sizes, BMJ Quality & Safety 22, 2013, 362-368: people
# seen within four hours of those who came to English emergency departments, 20 weeks.
FOUR_HOURS = [
    (266501, 280443), (264225, 276823), (276532, 291681), (281461, 296155), (269071, 282343),
    (261215, 275888), (270409, 283867), (279778, 295251), (270483, 284468), (270320, 282529),
    (267923, 279618), (271478, 283932), (255353, 266629), (256820, 268091), (261835, 276803),
    (259144, 271578), (255910, 266005), (260863, 273520), (264465, 278574), (260989, 273772),
]  # fmt: skip

# The data of JASP's test of its p' chart (jaspQualityControl, tests/testthat/SPC_P.csv); centre
# and limits are read from the chart that the test compares with, laney-p-chart.svg.
BOSTON = [
    (21, 150), (16, 153), (30, 170), (31, 226), (24, 154), (33, 130), (32, 190), (29, 165),
    (23, 176), (17, 144), (14, 132), (31, 144), (29, 156), (25, 158), (15, 142), (43, 212),
    (20, 155), (26, 138), (23, 141), (28, 130),
]  # fmt: skip
