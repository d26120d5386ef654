"""
Screens: what a person may be shown, as plain values, and the one function that draws them.

A screen is frozen, holds no rule and reads nothing: whoever makes it has decided everything. Its
template stands in `templates/` under the name the class gives. Errors become screens in `pages`.
"""

from broker.screens.account import AccountNews as AccountNews
from broker.screens.account import AccountScreen as AccountScreen
from broker.screens.account import RefusalScreen as RefusalScreen
from broker.screens.choosing import Banner as Banner
from broker.screens.choosing import ConfirmLeaveScreen as ConfirmLeaveScreen
from broker.screens.choosing import GoneOnScreen as GoneOnScreen
from broker.screens.choosing import ProvidersScreen as ProvidersScreen
from broker.screens.choosing import Tile as Tile
from broker.screens.choosing import TileState as TileState
from broker.screens.consenting import ConsentKind as ConsentKind
from broker.screens.consenting import ConsentScreen as ConsentScreen
from broker.screens.consenting import Line as Line
from broker.screens.ending import ErrorScreen as ErrorScreen
from broker.screens.ending import FormPostScreen as FormPostScreen
from broker.screens.ending import LoggedOutScreen as LoggedOutScreen
from broker.screens.ending import LogoutConfirmScreen as LogoutConfirmScreen
from broker.screens.reading import AccessibilityScreen as AccessibilityScreen
from broker.screens.reading import HelpScreen as HelpScreen
from broker.screens.reading import LegalScreen as LegalScreen
from broker.screens.reading import PersonalDataScreen as PersonalDataScreen
from broker.screens.reading import mount_reading_pages as mount_reading_pages
from broker.screens.render import render as render
from broker.screens.wording import back_at as back_at
