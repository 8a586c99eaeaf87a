"""Which column of a list is which field."""

import re
from collections.abc import Iterable, Mapping

from onesystem.people.compare import LIST_FIELDS
from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.said import say

NAME = "name"  # a whole name in one column, parted into the two fields of a name
MAPPED = (*LIST_FIELDS, NAME)
_CALLED = {
    "family": say(
        "surname family family_name last_name last lastname sname familyname "
        "whanau_name second_name"
    ),
    "given": say(
        "given given_name given_names first_name first forename forenames fname "
        "firstname givenname christian_name"
    ),
    "name": say("name full_name fullname whole_name person_name patient_name client_name"),
    "birth": say(
        "birth birth_date date_of_birth dob d_o_b born birthdate dateofbirth birthday "
        "birth_dt date_birth"
    ),
    "sex": say("sex gender"),
    "postcode": say("postcode post_code postal_code zip zipcode zip_code pcode"),
    "address": say(
        "address address_1 address1 address_line_1 address_line1 addressline1 street "
        "street_name street_address addr addr1"
    ),
    "address2": "address_2 address2 address_line_2 address_line2 addressline2 addr2",
    "house": say("house house_number street_number housenumber streetnumber house_no street_no"),
    "city": say("city town suburb locality post_town"),
    "region": say("state county region province"),
    "phone": say("phone telephone mobile phone_number tel telephone_number mobile_number phone_no"),
    "email": say("email email_address e_mail mail"),
    "number": say(
        "nhs_number nhs nhs_no nhi nhi_number nhi_no number soc_sec_id ssn "
        "national_number national_id nino pin"
    ),
}
_FIELD_OF = {name: field for field, names in _CALLED.items() for name in names.split()}
# What lists put before and behind the name of a column.
_ASIDE = {
    *("patient", "pat", "person", "client", "customer", "member", "resident", "legal", "current"),
    *(
        "usual",
        "residential",
        "home",
        "main",
        "primary",
        "preferred",
        "personal",
        "contact",
        "p",
        "a",
        "b",
        "l",
    ),
    *("r", "1"),
}


def guess(header: Iterable[str], *, given: Mapping[str, str], id_column: str) -> dict[str, str]:
    """Field to column, by the columns' names; what is `given` (field=column) goes before.

    A column of whole names is the field `name` where no column has family names, and else that of
    given names. Raises BadConfig for a field or a column that there is none of.
    """
    columns = list(header)
    found: dict[str, str] = {}
    for field, column in given.items():
        if field not in MAPPED:
            raise BadConfig(
                say("there is no field {field} to compare", field=repr(field)),
                nearest(field, MAPPED),
            )
        if column and column not in columns:
            raise BadConfig(
                say("there is no column {column}", column=repr(column)), nearest(column, columns)
            )
        found[field] = column
    for called in (_whole, _bare):
        taken = {*found.values(), id_column}
        for column in columns:
            field = _FIELD_OF.get(called(column), "")
            if field and field not in found and column not in taken:
                found[field] = column
                taken.add(column)
    if NAME in found and found.get("family"):
        name = found.pop(NAME)
        if name and "given" not in found:
            found["given"] = name
    elif found.get(NAME) and found.get("given"):
        found["family"] = found.pop(NAME)
    return {field: found[field] for field in MAPPED if found.get(field)}


def _whole(column: str) -> str:
    # dateOfBirth is date_of_birth.
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column)
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")


def _bare(column: str) -> str:
    """The name of a column without what lists put before and behind it."""
    words = _whole(column).split("_")
    while len(words) > 1 and words[0] in _ASIDE:
        words = words[1:]
    while len(words) > 1 and words[-1] in _ASIDE:
        words = words[:-1]
    return "_".join(words)
