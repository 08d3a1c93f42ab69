"""Channels as parts of a process: they bring in what people say from `start` to `stop`."""

from collections.abc import Callable

from domain.channel import Accept, Channel


class Receiving:
    """A channel that is there as long as the process."""

    def __init__(self, channel: Channel, accept: Accept) -> None:
        self._channel = channel
        self._accept = accept

    async def start(self) -> None:
        await self._channel.start(self._accept)

    async def stop(self) -> None:
        await self._channel.stop()


class Polling:
    """A channel that is made anew each time it is this process's turn; None when there is nothing to poll."""

    def __init__(self, make: Callable[[], Channel | None], accept: Accept) -> None:
        self._make = make
        self._accept = accept
        self._channel: Channel | None = None

    async def start(self) -> None:
        self._channel = self._make()
        if self._channel is not None:
            await self._channel.start(self._accept)

    async def stop(self) -> None:
        channel, self._channel = self._channel, None
        if channel is not None:
            await channel.stop()
