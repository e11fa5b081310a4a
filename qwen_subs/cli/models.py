"""``qwen-subs models``: which checkpoints there are, which are on this machine, and getting them."""

from typing import Annotated

import typer

models_app = typer.Typer(no_args_is_help=True, help="List the published checkpoints and download them.")


@models_app.command("list")
def list_command() -> None:
    """List the published checkpoints and whether they are in the local cache."""
    from qwen_subs.checkpoints.catalog import list_models

    models = list_models()
    width = max(len(model.name) for model in models)
    for model in models:
        if model.folder is None:
            state = "not here"
        else:
            state = model.problem or f"{model.size_bytes / 1e9:.1f} GB, {model.folder}"
        print(f"{model.short_name:<5} {model.name:<{width}}  {state}")


@models_app.command("download")
def download_command(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME", help="0.6b, 1.7b, or a hub id (OWNER/NAME, with @revision).")
    ],
) -> None:
    """Download checkpoints into the local cache and print where they are."""
    from qwen_subs.checkpoints.catalog import download_model
    from qwen_subs.cli.console import ConsoleReporter

    with ConsoleReporter() as reporter:
        for name in names:
            print(download_model(name, reporter))
