"""Ordinary messages: which are put to the bot, which are watched, and what is said to them."""
