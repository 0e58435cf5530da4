"""What takes payments."""
