"""Where codes of option lists stand in this module beside its columns: see foundation/fields/holders.py."""

from __future__ import annotations

from xiaocheng.foundation.fields.holders import InRule, holds_codes
from xiaocheng.selling.customers.queries import BETWEEN_LEVELS, LISTS

holds_codes(InRule.of("FieldworkRules.revisit_by_level", LISTS["level"], between=BETWEEN_LEVELS, sign="=", joined=", "))
