"""Actions that two callers need, or that write several tables: async functions, session first."""
