"""Option lists: coded values that modules declare and a company adjusts."""
