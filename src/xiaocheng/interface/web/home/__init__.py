"""The home pages: a rep's day, a supervisor's team, a director's company."""
