from tests.selling.fieldwork.conftest import customer_ids, morning

__all__ = ["customer_ids", "morning"]
