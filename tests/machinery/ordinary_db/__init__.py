"""The session of a request is SQLModel's: whatever a handler asks of it comes out as it does of a plain AsyncSession."""
