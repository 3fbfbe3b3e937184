"""Pages of insight: the funnel, win rate, cycle and revenue, and the rows behind every number."""
