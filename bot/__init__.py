"""Warmstart: answers "How do I start with deep learning?" from a curated knowledge base."""
