"""Clock, periods, money, text, search, scope, journal, measures, rules, states: the house's common parts."""
