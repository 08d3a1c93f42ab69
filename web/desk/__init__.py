"""The desk: the page where those who lead see every case with its clocks, and act."""

from web.desk.router import desk_router

__all__ = ["desk_router"]
