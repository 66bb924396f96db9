"""What `build.py` does, command by command. Standard library only, except where a module says which Python runs it."""
