"""The administrator's pages: people, departments, roles, rules, calendar, duty roster, journal; and one's own keys."""
