"""Customers as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class CustomersConfig(Module):
    """Registers the customers."""

    name = "xiaocheng.selling.customers"
    label = "customers"
