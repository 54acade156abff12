"""The session of a request is SQLModel's: whatever is asked of it comes out as of a plain AsyncSession."""
