"""python -m ltvtui."""

from ltvtui.cli import main

if __name__ == "__main__":
    main()
