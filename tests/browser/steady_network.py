"""Starts a browser that does not notice that this machine gets or loses a network: ``steady_network.py BROWSER ...``.

When an interface comes or goes Chromium breaks off what it is loading over HTTP/2, and connections that it is making
(ERR_NETWORK_CHANGED), also with a server on this machine; and other tests start hosts and containers, each with an
interface of its own. It learns of that through a netlink socket, which the kernel refuses to what is started here.
"""

import ctypes
import errno
import os
import socket
import sys

ALLOW, REFUSE, EQUAL = 0x7FFF0000, 0x00050000, 4
"""Of libseccomp: SCMP_ACT_ALLOW, SCMP_ACT_ERRNO and SCMP_CMP_EQ."""


class Compared(ctypes.Structure):
    """``struct scmp_arg_cmp``: an argument of a system call, and what it is compared with."""

    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


def refuse_netlink() -> None:
    """For this process and what follows from it. Raises OSError where the kernel or its library cannot."""
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(ALLOW)))
    asked = library.seccomp_syscall_resolve_name(b"socket")
    family = Compared(0, EQUAL, socket.AF_NETLINK, 0)
    action = ctypes.c_uint32(REFUSE | errno.EAFNOSUPPORT)
    if library.seccomp_rule_add_array(rules, action, asked, 1, ctypes.byref(family)) or library.seccomp_load(rules):
        raise OSError("no system calls can be refused here")


if __name__ == "__main__":
    try:
        refuse_netlink()
    except OSError as cannot:  # then it may notice, and a test may fail of it
        sys.stderr.write(f"{cannot}\n")
    os.execv(sys.argv[1], sys.argv[1:])
