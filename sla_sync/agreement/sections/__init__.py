"""The sections of an agreement, as their authors write them; one module per group of sections."""
