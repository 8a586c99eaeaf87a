"""The text form of Prometheus, as its own documentation shows it."""

from onesystem.web.exposition import family, histogram, text

# https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-example
SHOWN = """\
# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027
http_requests_total{method="post",code="400"} 3
# HELP msdos_file_access_time_seconds Escapes in\\nlabel values.
# TYPE msdos_file_access_time_seconds gauge
msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1458255915.25
# HELP http_request_duration_seconds A histogram of the request duration.
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="0.1"} 33444
http_request_duration_seconds_bucket{le="1"} 133988
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423
http_request_duration_seconds_count 144320
"""  # noqa: E501


def test_figures_are_told_as_the_format_is_documented():
    requests = (("method", "post"), ("code", "200")), (("method", "post"), ("code", "400"))
    path = (("path", "C:\\DIR\\FILE.TXT"), ("error", 'Cannot find file:\n"FILE.TXT"'))
    told = text([
        family("http_requests_total", "counter", "The total number of HTTP requests.",
               (requests[0], 1027), (requests[1], 3.0)),
        family("nothing", "gauge", "Has no line, and is left out."),
        family("msdos_file_access_time_seconds", "gauge", "Escapes in\nlabel values.",
               (path, 1458255915.25)),
        histogram("http_request_duration_seconds", "A histogram of the request duration.",
                  (0.05, 0.1, 1.0), [((), (24054, 9390, 100544, 10332), 53423)]),
    ])  # fmt: skip
    assert told == SHOWN
