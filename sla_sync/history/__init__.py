"""What happened to leads, in no platform's words: tables that a connector exports, a warehouse has, or a generator makes."""
