"""The page server of a served district: a few workers that answer one request at a time."""

import gc
import os
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from onesystem.cli import lean
from onesystem.web.wsgi import application


class Pages(BaseApplication):  # type: ignore[misc]
    """Gunicorn with our settings, and workers that make room when they have grown."""

    def __init__(self, host: str, port: int, workers: int) -> None:
        self._wanted = {
            "bind": f"{host}:{port}",
            "workers": workers,
            "worker_class": "sync",
            "preload_app": True,
            "loglevel": "warning",
            "timeout": 60,
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: PTH112, S108
            "control_socket_disable": True,
            "pre_fork": _before,
            "post_fork": _begun,
            "post_request": _after,
        }
        super().__init__()

    def load_config(self) -> None:
        """Take our settings, of those that this version knows."""
        for key, value in self._wanted.items():
            if key in self.cfg.settings:
                self.cfg.set(key, value)

    def load(self) -> Callable[..., object]:
        """The pages."""
        return application


def _before(_arbiter: Any, _worker: Any) -> None:
    gc.freeze()  # what is loaded now is shared by all workers and never collected


def _begun(_arbiter: Any, worker: Any) -> None:
    worker.growth = lean.Growth()


def _after(worker: Any, _request: Any, _environ: Any, _answer: Any) -> None:
    """A worker that a heavy page has made large ends after its answer; another begins."""
    if worker.growth.too_much():
        worker.alive = False
