"""The command line: nouns and verbs, data to stdout, progress to stderr.

Each command lives in a module of this room that is imported only when it is called, so that
`onesystem --help` is quick and a broken extra breaks one command.
"""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from onesystem.vocabulary import BadConfig, UserError

_COMMANDS = {
    "app": ("onesystem.cli.app:app", "Let SMART applications and services in."),
    "alliance": ("onesystem.cli.alliance:alliance", "Read and check what the alliance decided."),
    "audit": ("onesystem.cli.audit:audit", "Check, sign and export the audit trail."),
    "backup": ("onesystem.cli.store:backup", "Write the whole district to one file."),
    "bench": ("onesystem.cli.bench:bench", "Measure the product against its targets."),
    "capitation": (
        "onesystem.cli.capitation:capitation",
        "Weight populations, and share money by them.",
    ),
    "charge": ("onesystem.cli.charge:charge", "Work out what somebody pays for care, and why."),
    "budget": ("onesystem.cli.budget:budget", "How all money stands, and moving it."),
    "codes": ("onesystem.cli.codes:codes", "Load local value sets and code systems."),
    "compare": ("onesystem.cli.compare:compare", "Put a year under every payment form."),
    "contacts": ("onesystem.cli.contacts:contacts", "Read, export and check the contact log."),
    "contract": ("onesystem.cli.contract:contract", "Check, show and settle contracts."),
    "coordination": (
        "onesystem.cli.coordination:coordination",
        "Count and rank people whose care is un-coordinated.",
    ),
    "cost": ("onesystem.cli.cost:cost", "Work out what contacts cost, and post a month of it."),
    "demo": ("onesystem.cli.demo:demo", "Make a demo district and its live feeds."),
    "doctor": ("onesystem.cli.doctor:doctor", "Say what is configured, behind or broken."),
    "evaluate": ("onesystem.cli.evaluate:evaluate", "Say whether a change worked, and how sure."),
    "fhir": ("onesystem.cli.fhir:fhir", "Say what the FHIR server does, and what holds it."),
    "ingest": ("onesystem.cli.ingest:ingest", "Take in files and folders of messages."),
    "journeys": ("onesystem.cli.journeys:journeys", "Map how people go, from any event log."),
    "language": ("onesystem.cli.language:language", "Put the pages into another language."),
    "ledger": ("onesystem.cli.ledger:ledger", "Post, balance, check and export the ledger."),
    "listen": ("onesystem.cli.listen:listen", "Take in live HL7 v2 messages over MLLP."),
    "measure": ("onesystem.cli.measure:measure", "Figures of the district, and their files."),
    "move": ("onesystem.cli.store:move", "Carry the operational store to another database."),
    "new": ("onesystem.cli.new:new", "Make a district folder."),
    "opportunities": ("onesystem.cli.opportunities:opportunities", "Rank what to improve next."),
    "pathway": ("onesystem.cli.pathway:pathway", "Check, carry and begin pathways."),
    "people": ("onesystem.cli.people:people", "Link records and look after identities."),
    "plan": ("onesystem.cli.plan:plan", "Plan people, staff and money over years."),
    "policy": ("onesystem.cli.policy:policy", "What free care by need would cost and bring in."),
    "pooled": ("onesystem.cli.pooled:pooled", "Pooled funds: position, share-out, returns."),
    "project": ("onesystem.cli.project:project", "Pseudonyms for analysis, keyed by project."),
    "publish": ("onesystem.cli.publish:publish", "Publish figures for a national view."),
    "replay": ("onesystem.cli.replay:replay", "Rebuild everything from the landing."),
    "restore": ("onesystem.cli.store:restore", "Read a district back from a backup."),
    "serve": ("onesystem.cli.serve:serve", "Serve the pages, the live stream and the feeds."),
    "services": (
        "onesystem.cli.services:services",
        "Carry the directory of services in and out, as FHIR or HSDS.",
    ),
    "settle": ("onesystem.cli.settle:settle", "Settle an agreement line by line, from files."),
    "spc": ("onesystem.cli.spc:spc", "Tell signal from noise in a file of figures."),
    "token": ("onesystem.cli.token:token", "Let a source send FHIR over REST."),
    "triage": ("onesystem.cli.triage:triage", "Check tables of scores and triage."),
    "twin": ("onesystem.cli.twin:twin", "Try a change on a model of services."),
    "user": ("onesystem.cli.user:user", "Add people who sign in, and give them roles."),
    "view": ("onesystem.cli.view:view", "Make a table of the record by a ViewDefinition."),
}


class _Lazy(click.Group):
    """A group that knows its commands' names and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        return getattr(import_module(module), name)  # type: ignore[no-any-return]

    def invoke(self, ctx: click.Context) -> Any:
        """The command; a file that is no text, or that cannot be read or written, is told as that,
        whichever command it was given to.
        """
        try:
            return super().invoke(ctx)
        except UnicodeDecodeError as error:
            raise BadConfig(
                f"a file that was given is no text in UTF-8: byte {error.start} cannot be read",
                "Look whether it is the right file, or save it as UTF-8.",
            ) from error
        except OSError as error:
            if error.filename is None:
                raise
            raise BadConfig(
                f"{str(error.filename)[:200] or 'a file without a name'}: {error.strerror}",
                "Look whether it is there, is a file, and may be read or written.",
            ) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name][1]) for name in sorted(_COMMANDS)])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--district",
    "-d",
    type=click.Path(path_type=Path),
    envvar="ONESYSTEM_DISTRICT",
    default=Path(),
    show_default="this folder",
    help="The district folder.",
)
@click.version_option(package_name="onesystem")
def root(district: Path) -> None:
    """A health and social care district as one system with one budget."""
    os.environ["ONESYSTEM_DISTRICT"] = str(district.resolve())


def main(args: list[str] | None = None) -> Any:
    """Run a command; a user's mistake ends in one line and an exit code, never a traceback."""
    try:
        return root(args=args, prog_name="onesystem")
    except UserError as error:
        click.echo(f"onesystem: {error}", err=True)
        sys.exit(error.exit_code)
