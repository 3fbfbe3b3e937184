"""What will come in: hazards of the stages by age and calendar, draws of open and of coming deals, stored runs.

Only `running` and `history` read tables; the rest is arithmetic over arrays, in days and in the company's currency.
"""
