from tests.insight.conftest import sales
from tests.selling.fieldwork.conftest import customer_ids, morning, plan

__all__ = ["customer_ids", "morning", "plan", "sales"]
