"""The knowledge base: YAML files → frozen models, with every problem located."""
