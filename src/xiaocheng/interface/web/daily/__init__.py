"""Pages of the daily loop: plan, visit, report, sign."""
