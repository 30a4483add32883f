"""The group of commands; each lives in its own module and is imported when it is called."""

from __future__ import annotations

import importlib

import click

import archlint as package

_COMMANDS = {
    "baseline": "Write down the present findings, so that only new ones are reported.",
    "check": "Run the rules on files and directories.",
    "clean": "Remove the caches below the current directory.",
    "config": "List the settings, or describe one of them.",
    "doctor": "Say what is missing in a project's set-up.",
    "graph": "Show what the project is made of: its routes.",
    "init": "Set a project up: settings, ruff, pre-commit.",
    "rule": "List the rules, or explain one.",
    "server": "Speak the language server protocol, for editors.",
    "version": "Show the version.",
}


class _LazyGroup(click.Group):
    """A group that knows its commands by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"archlint.surfaces.cli.{cmd_name}")
        command = getattr(module, cmd_name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module.__name__}.{cmd_name} is no command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # Help needs the names and one line each, not the modules.
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(
    cls=_LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(
    package.__version__, "-V", "--version", prog_name="archlint", message="%(prog)s %(version)s"
)
@click.pass_context
def archlint(ctx: click.Context) -> None:
    """Review the architecture of Python backends, line by line."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
