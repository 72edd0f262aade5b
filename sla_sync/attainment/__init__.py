"""What was promised and kept, computed from a history: expressions over tables that fit any engine."""
