"""`python -m onesystem.cli` is `onesystem`."""

from onesystem.cli import main

main()
