"""The command line: ``producer serve | worker | song | account | assets``."""
