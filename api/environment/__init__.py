"""What people write in the environment: database URLs, secrets, and names that resemble those of settings."""
