"""The command ``serve``."""

from __future__ import annotations

import argparse

from central.background import start_background
from central.cli.output import DONE, print_result
from central.embedded import Address
from central.home import CentralHome
from central.server import ServeOptions, serve


def add_serve(parser: argparse.ArgumentParser) -> None:
    """The options of ``serve``."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; only loopback without TLS")
    parser.add_argument("--port", type=int, default=8443, help="0 takes a free one")
    parser.add_argument("--tls-cert", default="")
    parser.add_argument("--tls-key", default="")


def run_serve(home: CentralHome, args: argparse.Namespace, *, as_json: bool) -> int:
    """Serve until told to stop; one line when ready."""

    def say(address: Address) -> None:
        print_result({"url": address.url, "pid": address.pid, "ca": address.ca}, as_json=as_json)

    options = ServeOptions(
        database=getattr(args, "database", ""),
        blobs=getattr(args, "blobs", ""),
        host=args.host,
        port=args.port,
        tls_cert=args.tls_cert,
        tls_key=args.tls_key,
    )
    serve(home, options, say, start_background)
    return DONE
