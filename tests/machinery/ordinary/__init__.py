"""What FastAPI documents works on the house's Router exactly as on FastAPI's own."""
