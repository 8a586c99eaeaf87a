"""ED time in its parts, beside what general practice gave and was asked on the same days."""
