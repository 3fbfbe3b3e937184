"""Money: what was sold. So far the sales history that comes from an ERP or spreadsheets."""
