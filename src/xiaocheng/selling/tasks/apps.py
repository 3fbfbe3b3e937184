"""Tasks as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class TasksConfig(Module):
    """Registers the tasks."""

    name = "xiaocheng.selling.tasks"
    label = "tasks"
