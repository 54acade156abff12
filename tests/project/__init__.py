"""What the repository promises: its documents, its migrations, its deployment, its architecture."""
