"""`kf report` as tests call it, and what a report must be whoever reads it."""

import html.parser
import json
import os
import pathlib
import re
import subprocess

from line import binaries

WITHIN_S = 240  # a loaded machine, sanitizers, a browser's start
FOREIGN = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//|^\s*(?:https?|ftp|file|ws|wss):", re.I)
POINTING = ("src", "href", "srcset", "poster", "data", "action", "formaction", "background")


def command(boarded, *options, source=None):
    """The words; `source`: other options than the topics of `boarded`."""
    source = source or ("--bootstrap-servers", boarded.broker.bootstrap)
    return [str(word) for word in (binaries() / "kf", "report", "--editions", boarded.editions,
                                   *source, *options)]


def report(boarded, *options, source=None, environment=None, folder=None):
    """Runs it to its end."""
    return subprocess.run(command(boarded, *options, source=source), capture_output=True,
                          text=True, timeout=WITHIN_S, check=False, cwd=folder,
                          env=os.environ | (environment or {}))


class Page(html.parser.HTMLParser):
    """What of a report's HTML points elsewhere, its policy, language, title and figures."""

    def __init__(self, path):
        super().__init__()
        self.elsewhere, self.policy, self.language, self.title = [], "", "", ""
        self._inside, self._figures = "", ""
        self.text = pathlib.Path(path).read_text(encoding="utf-8")
        self.feed(self.text)
        self.close()
        self.article = json.loads(self._figures)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._inside = "article" if given.get("id") == "article" else tag
        if tag == "html":
            self.language = given["lang"]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        self.elsewhere += [f"{tag} {name}={value}" for name, value in attrs
                           if name in POINTING and value and FOREIGN.match(value)]
        if tag in ("link", "iframe", "object", "embed", "base"):
            self.elsewhere.append(tag)

    def handle_data(self, data):
        if self._inside == "article":
            self._figures += data
        elif self._inside == "title":
            self.title += data
        elif self._inside == "style":
            self.elsewhere += re.findall(r"url\((?!\s*['\"]?(?:data:|#))[^)]*\)|@import[^;]*", data)

    def handle_endtag(self, tag):
        self._inside = ""


def pdf_text(path):
    """The words of a PDF, as a reader's search finds them."""
    return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True,
                          check=True).stdout


def pdf_facts(path):
    """{name: value} of what `pdfinfo` says."""
    answer = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    return {name: value.strip() for name, _, value in
            (line.partition(":") for line in answer.splitlines())}
