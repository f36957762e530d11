"""What the demo does: serve the pages until somebody stops it, sync once, carry out a command."""

from collections.abc import Sequence
from typing import NoReturn

from django.conf import settings
from django.core.management.base import OutputWrapper

from integrationhub.management.demo.places import HOST, free_port
from integrationhub.management.demo.stage import Stage, StoppedByPersonError, running_in
from integrationhub.management.demo.world import (
    BLUEBIRD,
    NORTHWIND,
    PASSWORD,
    STAFF_EMAIL,
    TENANTS,
    Tenant,
    one_store,
)
from integrationhub.management.processes import Signals, become

INTERRUPTED = 130
BOX = """
  Integration Hub is up: {hub}

  Log in as          password        who it is
  {nora:<24} {password}   marketer of {northwind}: store connected, no books chosen
  {ben:<24} {password}   marketer of {bluebird}: nothing connected yet
  {staff:<24} {password}   staff, with the admin at {hub}/admin/

  Try this
   1. Log in as {nora}, open BigCommerce, choose the books, press SAVE.
   2. Watch the run under "Sync history": people are added, some are left out, with the reason.
   3. Be a shopper:  {shop}/sandbox/   (subscribe, buy as a guest, change a name)
   4. Be a contact:  {mail}/sandbox/   (unsubscribe somebody who is in the book)
   5. Press Sync now, or wait a minute: BigCommerce then knows of the unsubscribe too.

  To connect {bluebird}, or {northwind} again when you have disconnected it
   store hash   access token      API user                             password
{credentials}

  From another terminal (any command of manage.py on what is here)
   script/demo explain_contact {hash} EMAIL
   script/demo sync_store {hash}

  Logs and data: {home}   Ctrl-C stops everything; what happened is kept for next time.
"""


def show_pages(*, port: int, signals: Signals, out: OutputWrapper) -> int:
    """Serve both tenants' pages until somebody stops the demo; return the exit status."""
    stage = Stage(settings.DATA_DIR / "demo", port=port, signals=signals, out=out)
    pages_port = free_port(port)
    if pages_port != port:
        stage.say(f"Port {port} is in use, so the pages are at {pages_port}.")
    try:
        with stage.set_up(TENANTS):
            stage.do("seed_demo")
            hub = f"http://{HOST}:{pages_port}"
            stage.serve(stage.place.worker())
            stage.serve(stage.place.web(pages_port), answers_at=f"{hub}/accounts/login/")
            stage.say(_box(stage, hub))
            stage.stay()
            stage.say("Stopping ...")
    except StoppedByPersonError:
        return INTERRUPTED
    return 0


def _box(stage: Stage, hub: str) -> str:
    return BOX.format(
        hub=hub,
        shop=stage.place.shop_url,
        mail=stage.place.mail_url,
        home=stage.place.home,
        password=PASSWORD,
        staff=STAFF_EMAIL,
        nora=NORTHWIND.marketer_email,
        ben=BLUEBIRD.marketer_email,
        northwind=NORTHWIND.name,
        bluebird=BLUEBIRD.name,
        hash=NORTHWIND.store_hash,
        credentials="\n".join(_credentials(tenant) for tenant in reversed(TENANTS)),
    )


def _credentials(tenant: Tenant) -> str:
    names = f"   {tenant.store_hash:<13}{tenant.access_token:<18}{tenant.api_user:<37}"
    return names + tenant.api_password


def carry_out(command: Sequence[str]) -> NoReturn:
    """Become a command of the hub that works on what the running demo has."""
    become(running_in(settings.DATA_DIR / "demo").task(*command))


def show_one_sync(people: int, *, port: int, signals: Signals, out: OutputWrapper) -> int:
    """Sync a store of so many people, and return the run's exit status.

    The vendors and the hub remember it, so a second time there is nothing left to send.
    """
    tenant = one_store(people)
    home = settings.DATA_DIR / f"demo-once-{people}"
    stage = Stage(home, port=port, signals=signals, out=out)
    try:
        with stage.set_up([tenant]):
            stage.say(f"Connecting a store of {people:,} people ...")
            stage.do(
                *("connect_store", tenant.slug, tenant.store_hash, "--token", tenant.access_token),
                *("--api-user", tenant.api_user, "--api-password", tenant.api_password),
                *("--account-name", tenant.name, "--customers-book", "Store customers"),
                *("--verbosity", "0"),
            )
            stage.say("Syncing ...")
            return stage.run("sync_store", tenant.store_hash)
    except StoppedByPersonError:
        return INTERRUPTED
