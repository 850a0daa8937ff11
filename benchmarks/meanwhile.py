"""What others meet while a segment of every contact is logged: pages read, and small changes, over HTTP."""

import threading
from time import perf_counter, sleep

from benchmarks.server_process import ask, peak_memory, quantile, running_server

_PAGE = "query ($no: String!) { segment(no: $no) { lines(first: 50) { nodes { lineNo contact { no name } } } } }"
_CONTACTS = '{ contacts(first: 50, search: "a") { nodes { no name city } } }'
_CHANGE = """
    mutation ($input: UpdateContactInput!) { updateContact(input: $input) { userErrors { code } } }
"""
_LOG = """
    mutation ($no: String!) { logSegment(input: {segmentNo: $no}) { userErrors { code message } interactionsLogged } }
"""


class _Meeting(threading.Thread):
    """Does one thing over and over until it is told to stop, and notes what each took and how it was answered."""

    def __init__(self, url: str, query: str, variables: dict[str, object]) -> None:
        super().__init__(daemon=True)
        self._call = url, query, variables
        self.stop = False
        self.seconds: list[float] = []
        self.busy = 0

    def run(self) -> None:
        """Ask, and ask again."""
        while not self.stop:
            begun = perf_counter()
            answer = ask(*self._call)
            self.seconds.append(perf_counter() - begun)
            self.busy += any(error["code"] == "BUSY" for error in answer.get("updateContact", {}).get("userErrors", []))
            sleep(0.01)


def measure_meanwhile(database_url: str, no: str, contact_no: str) -> list[tuple[str, str, str]]:
    """Log the segment ``no`` through a server of its own; return rows of what, figure, target."""
    with running_server(database_url) as (url, _, pid):
        before = peak_memory(pid)
        meetings = [
            _Meeting(url, _PAGE, {"no": no}),
            _Meeting(url, _CONTACTS, {}),
            _Meeting(url, _CHANGE, {"input": {"no": contact_no, "city": "Berlin"}}),
        ]
        for meeting in meetings:
            meeting.start()
        sleep(1)
        quiet = [len(meeting.seconds) for meeting in meetings]
        begun = perf_counter()
        logged = ask(url, _LOG, {"no": no})["logSegment"]
        took = perf_counter() - begun
        for meeting in meetings:
            meeting.stop = True
        for meeting in meetings:
            meeting.join(30)
        during = [meeting.seconds[count:] for meeting, count in zip(meetings, quiet, strict=True)]
        if logged["userErrors"]:
            raise RuntimeError(logged["userErrors"])
        pages, contacts, changes = during
        return [
            (f"logged over HTTP: {logged['interactionsLogged']:,} lines", f"{took:.1f} s", ""),
            ("meanwhile, a page of its lines, p99", f"{quantile(pages, 99) * 1000:.0f} ms of {len(pages)}", ""),
            ("meanwhile, a page of contacts, p99", f"{quantile(contacts, 99) * 1000:.0f} ms of {len(contacts)}", ""),
            (
                "meanwhile, a change of one contact",
                f"{len(changes)} answered, {meetings[2].busy} BUSY, longest {max(changes, default=0):.1f} s",
                "",
            ),
            ("server's peak memory, before · after", f"{before / 1024:.0f} · {peak_memory(pid) / 1024:.0f} MiB", ""),
        ]
