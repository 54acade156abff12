"""What tests are made of: people, bodies, servers, observers. Nothing here is a test."""
