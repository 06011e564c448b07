"""What buttons, selects and forms do, on messages of any age."""
