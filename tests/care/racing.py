"""Several who do something at one moment, each with a connection of their own."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from onesystem.vocabulary import UserError

on_many_connections = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="a store in memory has one writer and no queue"
)


def at_once(*doing):
    """Do these at one moment; what came of each, in no order: `done`, or what was said."""
    told, together = [], Barrier(len(doing))

    def run(do):
        together.wait()
        try:
            do()
            told.append("done")
        except UserError as error:
            told.append(str(error))
        finally:
            connection.close()

    threads = [Thread(target=run, args=(do,)) for do in doing]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sorted(told)
