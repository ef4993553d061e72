"""Song → Master: arrays start here."""
