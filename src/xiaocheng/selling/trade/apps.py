"""Trade as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class TradeConfig(Module):
    """Registers trade."""

    name = "xiaocheng.selling.trade"
    label = "trade"
