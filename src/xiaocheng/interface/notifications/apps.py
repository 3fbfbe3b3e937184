"""Notifications as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class NotificationsConfig(Module):
    """Registers notifications."""

    name = "xiaocheng.interface.notifications"
    label = "notifications"
