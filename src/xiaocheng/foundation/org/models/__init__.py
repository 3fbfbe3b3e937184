"""Tables of the organisation, one file per noun."""

from .facts import Fact
from .people import Department, Person, Role
from .tokens import ApiToken

__all__ = ["ApiToken", "Department", "Fact", "Person", "Role"]
