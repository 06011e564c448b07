"""Much at once: floods of questions, bursts of clicks, second taps, edits of one message."""
