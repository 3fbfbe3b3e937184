"""To-dos: pushed by upper modules, or noted by people."""
