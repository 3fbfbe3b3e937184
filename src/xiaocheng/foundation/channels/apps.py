"""Channels as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class ChannelsConfig(Module):
    """Registers the channels."""

    name = "xiaocheng.foundation.channels"
    label = "channels"
