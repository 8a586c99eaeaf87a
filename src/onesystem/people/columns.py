"""Which column of a list is which field, and its values as they are compared."""

import re
from collections.abc import Callable, Iterable, Mapping

from onesystem.people.compare import LIST_FIELDS
from onesystem.people.names import family_key, fold, given_key, phone_key, postcode_key
from onesystem.vocabulary import BadConfig, nearest

_CALLED = {
    "family": "surname family family_name last_name last lastname sname whanau_name",
    "given": "given given_name given_names first_name first forename forenames fname firstname",
    "birth": "birth birth_date date_of_birth dob d_o_b born birthdate dateofbirth",
    "sex": "sex gender",
    "postcode": "postcode post_code postal_code zip zipcode zip_code pcode",
    "address": "address address_1 address1 address_line_1 address_line1 street street_name addr",
    "address2": "address_2 address2 address_line_2 address_line2",
    "house": "house house_number street_number housenumber streetnumber",
    "city": "city town suburb locality post_town",
    "region": "state county region province",
    "phone": "phone telephone mobile phone_number tel telephone_number mobile_number",
    "email": "email email_address e_mail mail",
    "number": "nhs_number nhs nhi nhi_number number soc_sec_id ssn national_number nino pin",
}
_FIELD_OF = {name: field for field, names in _CALLED.items() for name in names.split()}


def guess(header: Iterable[str], *, given: Mapping[str, str], id_column: str) -> dict[str, str]:
    """Field to column, by the columns' names; what is `given` (field=column) goes before.

    Raises BadConfig for a field or a column that there is none of.
    """
    columns = list(header)
    found: dict[str, str] = {}
    for field, column in given.items():
        if field not in LIST_FIELDS:
            raise BadConfig(f"there is no field {field!r} to compare", nearest(field, LIST_FIELDS))
        if column and column not in columns:
            raise BadConfig(f"there is no column {column!r}", nearest(column, columns))
        found[field] = column
    taken = {*found.values(), id_column}
    for column in columns:
        field = _FIELD_OF.get(re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_"), "")
        if field and field not in found and column not in taken:
            found[field] = column
    return {field: found[field] for field in LIST_FIELDS if found.get(field)}


def date_text(value: str) -> str:
    """A date as YYYY-MM-DD, day before month; one that was never a day is kept all the same.

    A mistyped 19651331 still differs from 19651231 in one place only.

    >>> date_text("19651331"), date_text("2/3/1980"), date_text("1980-03-02T00:00")
    ('1965-13-31', '1980-03-02', '1980-03-02')
    """
    parts = re.findall(r"\d+", value)
    if not parts:
        return ""
    if len(parts[0]) == 4 and len(parts) >= 3:
        year, month, day = parts[:3]
    elif len(parts) >= 3 and len(parts[2]) == 4:
        day, month, year = parts[:3]
    elif len(parts[0]) >= 8:
        year, month, day = parts[0][:4], parts[0][4:6], parts[0][6:8]
    else:
        return "".join(parts)
    return f"{year}-{month:0>2}-{day:0>2}"


def _plain(value: str) -> str:
    return re.sub(r"[\s-]", "", value).upper()


TIDIED: dict[str, Callable[[str], str]] = {
    "family": family_key,
    "given": given_key,
    "birth": date_text,
    "sex": lambda v: fold(v)[:1],
    "postcode": postcode_key,
    "address": fold,
    "address2": fold,
    "house": fold,
    "city": lambda v: fold(v).replace(" ", ""),
    "region": lambda v: fold(v).replace(" ", ""),
    "phone": phone_key,
    "email": lambda v: v.strip().casefold(),
    "number": _plain,
}
