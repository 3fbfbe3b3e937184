"""What every page stands in: layout, navigation, login, access policy, generic screens."""
