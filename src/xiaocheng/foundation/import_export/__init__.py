"""Tables from outside: reading, mapping, checking, writing in steps, error file; and lists going out."""
