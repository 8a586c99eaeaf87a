"""What the room keeps; each part of the room has its rows of its own."""

from onesystem.alliance.charter import more_rows as charter_more_rows  # noqa: F401
from onesystem.alliance.charter import rows as charter_rows  # noqa: F401
from onesystem.alliance.commit import rows as commit_rows  # noqa: F401
from onesystem.alliance.comparing import rows as comparing_rows  # noqa: F401
from onesystem.alliance.learning.ideas import rows as ideas_rows  # noqa: F401
from onesystem.alliance.learning.leading import rows as leading_rows  # noqa: F401
from onesystem.alliance.learning.peers import rows as peers_rows  # noqa: F401
from onesystem.alliance.learning.risks import rows as risks_rows  # noqa: F401
from onesystem.alliance.learning.training import rows as training_rows  # noqa: F401
from onesystem.alliance.learning.trust import rows as trust_rows  # noqa: F401
from onesystem.alliance.meeting import decided_rows as meeting_decided_rows  # noqa: F401
from onesystem.alliance.meeting import rows as meeting_rows  # noqa: F401
from onesystem.alliance.proof import rows as proof_rows  # noqa: F401
