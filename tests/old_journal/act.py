"""An act: everything in a home of which the journal has a record kind, once."""

from old_journal.clients import Clients
from old_journal.house import House
from old_journal.rules import Rules


class Act(House, Rules, Clients):
    """It ends with as much as can be half done: commands that are open, runs that wait, messages that are
    on their way."""

    def play(self):
        self.announce()
        self.play_devices()
        self.people()
        self.names_and_rooms()
        self.hours_pass()
        self.commands()
        self.sentences()
        self.rules()
        self.rules_that_end()
        self.departures()
        self.sessions()
        self.half_done()
        self.wills()
        self.leave_open()
