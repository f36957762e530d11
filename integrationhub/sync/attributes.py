"""The customer attributes in BigCommerce that mirror what an account holder last said."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from bigcommerce.errors import NotFoundError, RejectedError
from bigcommerce.records import NewAttributeValue
from integrationhub.models import Contact, OptOut
from integrationhub.sync.shift import Shift

ATTRIBUTES = {"accepts_marketing": "string", "accepts_marketing_updated_at": "date"}


def write_no(shift: Shift, opt_out: OptOut, contact: Contact) -> None:
    """Let the attributes say no since this opt-out; a refusal is only noted on it."""
    if not contact.customer_id or not shift.store.is_writing_attributes:
        return
    opt_out.note = _write_if_taken(shift, contact, accepts=False, since=opt_out.removed_at)
    opt_out.is_in_attributes = not opt_out.note


def restore_attributes(shift: Shift) -> None:
    """Let the attributes say yes again where a newer opt-in in the store has won."""
    if not shift.store.is_writing_attributes:
        return
    back = Contact.objects.filter(
        store=shift.store,
        email=OuterRef("email"),
        accepts_marketing=True,
        customer_id__isnull=False,
    )
    outdated = OptOut.objects.filter(Exists(back), store=shift.store, is_in_attributes=True)
    while emails := list(outdated.values_list("email", flat=True).distinct()[:100]):
        for contact in Contact.objects.filter(store=shift.store, email__in=emails):
            _restore(shift, contact)


def _restore(shift: Shift, contact: Contact) -> None:
    since = contact.accepts_marketing_updated_at or shift.now()
    note = _write_if_taken(shift, contact, accepts=True, since=since)
    mirrored = OptOut.objects.filter(store=shift.store, email=contact.email, is_in_attributes=True)
    with shift.page():
        mirrored.update(is_in_attributes=False, **({"note": note} if note else {}))


def _write_if_taken(shift: Shift, contact: Contact, *, accepts: bool, since: datetime) -> str:
    """Write; the attributes matter less than the consent, so a refusal is answered as a note."""
    try:
        _write(shift, contact, accepts=accepts, since=since)
    except (NotFoundError, RejectedError) as error:
        _keep_ids(shift, {})  # a definition may have been deleted: look again next time
        return f"attributes: {error}"[:255]
    return ""


def _write(shift: Shift, contact: Contact, *, accepts: bool, since: datetime) -> None:
    ids, customer_id = _ids(shift), contact.customer_id or 0
    values = {
        "accepts_marketing": "true" if accepts else "false",
        "accepts_marketing_updated_at": f"{since:%Y-%m-%d}",
    }
    shift.hold()
    shift.source.set_attribute_values(
        [
            NewAttributeValue(attribute_id=ids[name], customer_id=customer_id, value=value)
            for name, value in values.items()
        ]
    )


def _ids(shift: Shift) -> dict[str, int]:
    """Return the ids of our two attribute definitions; they are made once."""
    if set(ATTRIBUTES) <= set(shift.store.attribute_ids):
        return dict(shift.store.attribute_ids)
    ids = {attribute.name: attribute.id for attribute in shift.source.attributes()}
    for name, kind in ATTRIBUTES.items():
        if name not in ids:
            shift.hold()
            ids[name] = shift.source.create_attribute(name, kind).id
    _keep_ids(shift, {name: ids[name] for name in ATTRIBUTES})
    return ids


def _keep_ids(shift: Shift, ids: dict[str, int]) -> None:
    shift.store.attribute_ids = ids
    with shift.write():
        shift.store.save(update_fields=["attribute_ids"])
