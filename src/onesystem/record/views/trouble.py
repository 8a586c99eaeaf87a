"""What is wrong with a view: which element, and what to write instead."""

from onesystem.vocabulary import BadConfig


class BadView(BadConfig):
    """A view that cannot be run. `where` names the element, such as `select[0].column[1].path`."""

    def __init__(self, what: str, cure: str, where: str = "") -> None:
        super().__init__(f"{where}: {what}" if where else what, cure)
        self.where = where
