"""Expenses as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class ExpensesConfig(Module):
    """Registers expenses."""

    name = "xiaocheng.selling.expenses"
    label = "expenses"
