"""The commands of the lab on the command line."""

from typer.testing import CliRunner

from backend.cli.main import app


def test_commands_of_the_extension_are_listed_first():
    lines = CliRunner().invoke(app, ["--help"], catch_exceptions=False).output.split("Commands:\n")[1].splitlines()
    assert [line.split()[0] for line in lines if line.strip()] == [
        "generate", "resume", "work", "jobs", "batch", "models", "doctor",
        "evaluate", "train-prior", "train-judge", "world", "picture",
    ]  # fmt: skip
