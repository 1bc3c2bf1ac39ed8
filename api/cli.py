"""The command line: ``footnote COMMAND``, or ``python -m api.cli COMMAND``.

Results on stdout, progress and warnings on stderr. Exit codes: 0 answered, 1 failure, 2 usage, 3 not in
the articles, 4 receipt does not verify. Nothing heavy is imported until a command needs it.
"""

import sys

import click

from api.commands import ask, chat, doctor, ingest, keys, search, serve, settings, setup, show, slack, verify
from api.commands import eval as evaluation
from api.terminal import warn
from ingest.errors import FootnoteError, UsageError

EXIT_FAILURE, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="footnote", prog_name="footnote")
def footnote() -> None:
    """Ask articles questions; every sentence of an answer carries a footnote to the characters that support it.

    \b
    First:  footnote setup              fetch the models (once)
    Then:   footnote ingest ARTICLE     add a file, a folder or a URL
            footnote ask "QUESTION"

    Exit codes: 0 answered, 1 failure, 2 usage, 3 not in the articles, 4 receipt does not verify.
    """  # noqa: D301 - click wants the control character


for command in (
    setup.setup,
    ingest.ingest,
    ask.ask,
    chat.chat,
    search.search,
    show.show,
    verify.verify,
    serve.serve,
    slack.slack,
    keys.keys,
    evaluation.evaluate,
    doctor.doctor,
    settings.settings,
):
    footnote.add_command(command)


def main() -> None:
    """Run the command line and exit; known errors become one line and an exit code, never a traceback."""
    try:
        sys.exit(footnote.main(standalone_mode=False) or 0)
    except FootnoteError as error:
        warn(str(error))
        sys.exit(EXIT_USAGE if isinstance(error, UsageError) else EXIT_FAILURE)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        warn("interrupted")
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; say nothing and let no flush complain at exit.
        sys.stderr.close()
        sys.exit(EXIT_FAILURE)


if __name__ == "__main__":
    main()
