"""Who signs in."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Someone who signs in, with the roles that they hold, separated by spaces."""

    roles = models.CharField(max_length=200, blank=True)
