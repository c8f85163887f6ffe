"""`python -m duban` is the `duban` command."""

from duban.cli.main import main

if __name__ == "__main__":
    main()
