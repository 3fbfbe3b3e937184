"""`python -m xiaocheng` is the `xiaocheng` command."""

from xiaocheng.interface.cli.main import main

main()
