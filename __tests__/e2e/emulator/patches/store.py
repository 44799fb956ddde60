"""Extra state on moto's backends."""

from typing import Any


def add_store(backend_class: type, name: str) -> None:
    """Give every backend of a service one more dictionary, which moto's own reset empties with the rest."""
    moto = backend_class.__init__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        moto(self, *args, **kwargs)
        setattr(self, name, {})

    backend_class.__init__ = __init__
