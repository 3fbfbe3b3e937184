"""What people spend at work: expense lines by day, kind, visit and customer."""
