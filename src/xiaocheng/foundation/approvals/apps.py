"""Sign-off as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class ApprovalsConfig(Module):
    """Registers sign-off."""

    name = "xiaocheng.foundation.approvals"
    label = "approvals"
